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


EACH_OTHER = r"(?:each other|one another|the other)"
NOBODY = "(?:nobody|no[ -]one|anybody|anyone)"
HOURS = "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|midnight|dark|sunset)"
CALLS = "(?:phones?|calls?|texts?|messages?)"
PAPERS = (
    "(?:phones?|tablets?|laptops?|messages?|texts?|chats?|e-?mails?|(?:in|mail)box(?:es)?"
    "|(?<!bank )(?<!savings )accounts?|photos|browser history|search history)"
)

CAUTIONS = (
    Caution(
        "whereabouts",
        _any(
            *("whereabouts", "locations?", "locat(?:e|ed|ing)", "gps", "track(?:s|ed|ing|er|ers)?"),
            *("where (?:we|i|you|each|the other|one) (?:are|am|is|were|was|go|goes)",),
            *("find my", "curfews?", "check(?:s|ed|ing)? in (?:every|each|when)"),
            # Going out without a phone is no matter; going out without the other is.
            r"(?:go|goes|going|stay|staying) (?:out|anywhere|nowhere|away)\b.{0,20}"
            rf"\b(?:alone|without (?:{EACH_OTHER}|asking|telling|permission))",
            r"(?:ask|tell|say|permission)\b.{0,30}\b(?:before|when|whenever|if) (?:we |one )?"
            r"(?:go|goes|going|leave|leaves|leaving) (?:out|anywhere|the house)",
            rf"home (?:by|before|no later than) (?:\d+|{HOURS})",
        ),
        _("This is about where somebody is. Where you go is yours to tell or not."),
    ),
    Caution(
        "passwords",
        _any(
            *("pass(?:word|code|phrase)s?", "log-?ins?", "unlock(?:s|ed|ing)?", "(?-i:PINs?)"),
            *("(?:pin|phone|screen|lock|access) codes?", "our codes", "other's (?:codes?|pins?)"),
            *("(?:face|touch)[ -]?id", "fingerprints?"),
            # A phone on the table is no matter; one that is looked into is. Nor is one's own.
            r"(?:read|see|check|look|open|search|scroll|inspect|monitor|go|have|use|access)"
            rf"(?:s|es|ed|ing)?\b.{{0,30}}\bother's\b.{{0,20}}\b{PAPERS}",
            r"(?:share|show|open|hand over)(?:s|ed|ing)?(?: each other)?(?: all)?(?: of)?"
            rf" (?:our|all|every|one|an?)(?: \w+)? {PAPERS}",
            rf"(?:read|check|look (?:at|into|through)|go through)(?: all| any| every)? {PAPERS}",
            rf"let {EACH_OTHER} (?:read|see|check|look|use|go)\b.{{0,30}}\b{PAPERS}",
            # Being there for a call is kind; having to be there at any time is not.
            rf"(?:answer|pick up|reply|respond)\b.{{0,30}}\b{CALLS}\b.{{0,20}}"
            r"\b(?:at once|immediately|instantly|(?:right|straight) away|every time|within)",
            rf"always (?:answer|pick up|reply|respond)\b.{{0,30}}\b{CALLS}",
            *("always (?:be )?reachable", "reachable at (?:all times|any time)"),
        ),
        _("This is about phones, passwords or messages. Yours stay yours."),
    ),
    Caution(
        "contacts",
        _any(
            *("contacts?", "friends?", "friendships?", "ex", "exes", "famil(?:y|ies)", "parents?"),
            *("mothers?", "fathers?", "sisters?", "brothers?", "colleagues?", "block(?:s|ed|ing)?"),
            *("mums?", "moms?", "dads?", "relatives?", "in-laws?", "cousins?", "co-?workers?"),
            *(
                "other (?:women|woman|men|man|girls?|guys?)",
                "opposite sex",
                "unfollow(?:s|ed|ing)?",
            ),
            r"(?:see|meet|date|call|text|message|follow|(?:talk|speak|write) (?:to|with)|write)"
            rf" (?:{NOBODY}|other people)",
            r"alone with (?:an?|any|another|other|some(?:one|body)|any(?:one|body)|men|women)",
            rf"(?:see|meet|visit)\b.{{0,30}}\bwithout (?:{EACH_OTHER}|asking|permission)",
            rf"tell {NOBODY}",
        ),
        _("This is about whom somebody sees or talks to. Friends and family stay yours."),
    ),
    Caution(
        "sex",
        _any(
            *("(?<!opposite )sex", "sexual(?:ly)?", "intimacy", "intimate", "naked", "nudes?"),
            *("mak(?:e|es|ing) love", "porn(?:ography)?", "masturbat(?:e|es|ion|ing)"),
            # A shared bedtime is no matter.
            *("(?<!to )sleep together", rf"sleep with (?:{EACH_OTHER}|{NOBODY}|other|others)"),
            *("physical(?:ly)? (?:close|closeness|affection|contact|love|needs?)",),
            *(r"(?:please|satisfy|want|wants|need|needs|refuse|anything)\b.{0,20}\bin bed",),
        ),
        _("This is about sex. A no counts at any moment, whatever was signed."),
    ),
)


def cautions(wording: str) -> list[Caution]:
    """Return what `wording` touches, by the lists above; an empty list for most."""
    plain = wording.replace("’", "'")
    return [each for each in CAUTIONS if each.words.search(plain)]
