"""Words of a person inside a sentence of ours: they take their own direction, and move nothing.

A Hebrew name in an English line pulls the date beside it to its other side, unless the name is
isolated (Unicode Standard Annex 9, "directional isolates"). Characters do it rather than `<bdi>`:
they hold in a label, in an attribute and in a plain text alike. Words that go the way of the page
need none.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi

FIRST_STRONG_ISOLATE, POP = "\u2068", "\u2069"
CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that somebody's words may bring along, and that would end our isolation early."""

LEFT, RIGHT = frozenset({"L"}), frozenset({"R", "AL", "AN"})


def isolated(words: str) -> str:
    """Return the words fit to stand in a sentence of the current language."""
    plain = CONTROLS.sub("", words)
    other_way = LEFT if get_language_bidi() else RIGHT
    if any(unicodedata.bidirectional(letter) in other_way for letter in plain):
        return f"{FIRST_STRONG_ISOLATE}{plain}{POP}"
    return plain


class Words(str):
    """What somebody wrote or is called, as models give it; a template isolates it by itself.

    It is a `str` like any other where it is compared, stored, or put into a field. A filter or `%`
    makes a plain `str` of it: where that stands in a sentence, `isolated` is called by hand.
    """

    __slots__ = ()

    def __html__(self) -> SafeString:
        """Return what a template shows: isolated, then escaped."""
        return escape(isolated(self))
