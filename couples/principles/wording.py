"""What makes a principle: one short sentence that starts with "We"."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

LONGEST = 200
"""Characters of a principle: a sentence that two people can say from memory."""

WE = re.compile(r"^we\b", re.IGNORECASE)
ENDS = re.compile(r"[.!?…][\"'”’)]*$")
# A sentence ends where a capital follows; "Dr. Lin" and "e.g. Sunday" are no ends.
AND_ANOTHER = re.compile(r"(?<!\b(?:Dr|Mr|Ms|St))(?<!\bMrs)(?<!\.[a-z])[.!?…]+[\"'”’)]*\s+\W*[A-Z]")


class NotAPrinciple(ValueError):
    """Why a text is not a principle yet, in words for whoever wrote it."""


def principle(text: str) -> str:
    """Return `text` as both will sign it: one line, "We" with a capital, and an end.

    Raises NotAPrinciple when it is empty, does not start with "We", is more than one sentence or
    longer than LONGEST characters.
    """
    line = " ".join(text.split())
    if not line:
        raise NotAPrinciple(_("There is nothing written here yet."))
    if not WE.match(line):
        raise NotAPrinciple(_("Let it start with “We”, as it is about the two of you."))
    if AND_ANOTHER.search(line):
        raise NotAPrinciple(_("One sentence is enough. What comes next can be a principle too."))
    line = "We" + line[2:]
    line = line if ENDS.search(line) else f"{line}."
    if len(line) > LONGEST:
        raise NotAPrinciple(
            _("Please make it shorter: up to %(most)d characters, so that both can remember it.")
            % {"most": LONGEST}
        )
    return line
