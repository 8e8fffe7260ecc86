"""A quiet word to the one who is asked to sign, when a wording touches what is theirs alone.

The lists are short and known to be blunt: they look at whole words, miss much, and sometimes speak
up for nothing. That is why a caution never blocks, is never kept, and is shown to nobody but the
one who is asked. To change them, change the words here; `tests/couples/test_cautions.py` shows
what each is meant to catch and to let pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Caution:
    """What a wording touches: the words that point to it, and what is said about it."""

    topic: str
    words: re.Pattern[str]
    text: Promise


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


CAUTIONS = (
    Caution(
        "whereabouts",
        _any(
            *("whereabouts", "locations?", "locat(?:e|ed|ing)", "gps", "track(?:s|ed|ing|er)?"),
            *("where (?:we|i|you|each|the other|one) (?:are|am|is|were|was|go|goes)",),
            *("find my", "curfew", "check(?:s|ed|ing)? in (?:every|each|when)"),
        ),
        _("This is about where somebody is. Where you go is yours to tell or not."),
    ),
    Caution(
        "passwords",
        _any(
            *("passwords?", "passcodes?", "pin codes?", "log-?ins?", "unlock(?:s|ed|ing)?"),
            # A phone on the table is no matter; one that is looked into is.
            r"(?:read|see|check|open|show|share|look (?:at|into|through)|go through)(?:s|ed|ing)?\b"
            r".{0,40}\b(?:phones?|messages?|texts?|e-?mails?|inbox(?:es)?|accounts?|chats?)",
        ),
        _("This is about phones, passwords or messages. Yours stay yours."),
    ),
    Caution(
        "contacts",
        _any(
            *("contacts?", "friends?", "friendships?", "ex", "exes", "famil(?:y|ies)", "parents?"),
            *("mothers?", "fathers?", "sisters?", "brothers?", "colleagues?", "block(?:s|ed|ing)?"),
            *("see (?:nobody|no one|anyone|anybody)", "talk to (?:nobody|no one|anyone|anybody)"),
        ),
        _("This is about whom somebody sees or talks to. Friends and family stay yours."),
    ),
    Caution(
        "sex",
        _any(
            *("sex", "sexual(?:ly)?", "intimacy", "intimate", "naked", "nudes?", "in bed"),
            *("make love", "making love", "sleep with", "sleep together", "physical(?:ly)?"),
        ),
        _("This is about sex. A no counts at any moment, whatever was signed."),
    ),
)


def cautions(wording: str) -> list[Caution]:
    """Return what `wording` touches, by the lists above; an empty list for most."""
    return [each for each in CAUTIONS if each.words.search(wording)]
