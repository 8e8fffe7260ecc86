"""What a repair is made of, for the pure flow: stages, kinds of acts, and where two people stand.

No Django and no words: an act is a number, a side, a kind and a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

SIDES = (1, 2)
ROUNDS_BEFORE_CLOSE_ENOUGH = 3
DAYS_UNTIL_HOLDS = 2
ABOUT = 0
"""The number of the line that says what a small repair is about: before its first act."""


class Stage(StrEnum):
    """Where a shared repair stands."""

    INVITED = "invited"
    SETTLING = "settling"
    HURT = "hurt"
    ECHO = "echo"  # saying back what was heard
    PART = "part"
    RECEIVE = "receive"  # answering the other's part
    US = "us"
    SAFE = "safe"
    NOT_YET = "not_yet"
    ON_THE_WAY = "on_the_way"
    MENDED = "mended"
    HELD = "held"
    SENT = "sent"  # a part sent alone, which asks for no answer


STAGES = tuple(Stage)
OPEN = frozenset(STAGES) - {Stage.MENDED, Stage.HELD, Stage.SENT}


class Kind(StrEnum):
    """What a side can do."""

    INVITE = "invite"
    SMALL = "small"  # begin a small repair with one's own part
    SEND = "send"  # send one's part alone
    ASK_AGAIN = "ask_again"
    NOW = "now"
    LATER = "later"
    SETTLED = "settled"
    ACCOUNT = "account"  # how it was seen by whoever did not begin with what happened
    HURT = "hurt"
    NO_HURT = "no_hurt"
    ECHO = "echo"
    THATS_IT = "thats_it"
    NOT_QUITE = "not_quite"
    CLOSE_ENOUGH = "close_enough"
    PART = "part"
    NO_PART = "no_part"
    TAKE_IN = "take_in"
    NOT_THERE = "not_there"
    US = "us"
    SAFE_YES = "safe_yes"
    SAFE_GETTING = "safe_getting"
    SAFE_NOT_YET = "safe_not_yet"
    AGAIN_HURT = "again_hurt"
    AGAIN_PART = "again_part"
    BRING = "bring"  # to a session
    HOLDS_YES = "holds_yes"
    HOLDS_NO = "holds_no"
    REOPEN = "reopen"
    KEEP = "keep"
    LET_FADE = "let_fade"
    IN_PERSON = "in_person"
    CHANGE = "change"  # take an answer back that nobody has read yet
    REST = "rest"
    BACK = "back"
    UNSAY = "unsay"  # take words back


FIRST = frozenset({Kind.INVITE, Kind.SMALL, Kind.SEND})
WITH_WORDS = frozenset(
    {Kind.SMALL, Kind.SEND, Kind.ACCOUNT, Kind.HURT, Kind.ECHO, Kind.PART, Kind.US}
)
WORDED = WITH_WORDS | {Kind.NO_PART}
"""What can be taken back: "no part in this one" can come with a next time."""

PARTS = frozenset({Kind.PART, Kind.SMALL})
SAFE_ANSWERS = frozenset({Kind.SAFE_YES, Kind.SAFE_GETTING, Kind.SAFE_NOT_YET})
RESTS = frozenset({Kind.REST, Kind.BACK, Kind.BRING})
"""Of these the last by one side says whether it is in a break of its own, and which."""

FOR_ONESELF = frozenset({Kind.HOLDS_YES, Kind.HOLDS_NO, Kind.KEEP, Kind.LET_FADE})
"""What the other is told nothing of, not even that it was done."""


class Refused(Exception):
    """This act does not fit where the two stand now."""


@dataclass(frozen=True)
class Act:
    """One step by one side. Numbers run from 1 and leave none out.

    `day` is the couple's day as a number of which only differences count; `about` is the number of
    the act whose words this one takes back, or ABOUT.
    """

    number: int
    side: int
    kind: Kind
    day: int = 0
    about: int | None = None


@dataclass(frozen=True)
class Listening:
    """How far the words of one side have been received by the other."""

    rounds: int = 0  # that ended with "not quite yet"
    answered: bool = False  # the listener has spoken and waits for the speaker
    received: bool = False
    not_there: bool = False


@dataclass(frozen=True)
class State:
    """Where the two stand after some acts, on the day `today`."""

    stage: Stage
    inviter: int
    count: int = 1
    today: int = 0
    small: bool = False
    has_account: bool = True  # it began with what happened, which opens once both have settled
    since: int = 0  # the day on which the stage began
    asked_on: int = 0  # the day of the last invitation
    mended_on: int = 0
    answers: Mapping[int, Act] = MappingProxyType({})
    in_person: frozenset[int] = frozenset()
    listening: Mapping[int, Listening] = MappingProxyType({})  # by the side that spoke
    accounts: Mapping[int, int] = MappingProxyType({})  # numbers, by side
    anew: Mapping[Stage, int] = MappingProxyType({})  # the act that began a stage's last new round
    resting: frozenset[int] = frozenset()
    bringing: frozenset[int] = frozenset()  # who would bring it to a session
    keeping: frozenset[int] = frozenset()  # who would keep the words
    worded: Mapping[int, int] = MappingProxyType({})  # numbers of words not taken back: the side
    revealed: frozenset[int] = frozenset()  # numbers of acts that both may read
    last_answers: Mapping[int, Kind] = MappingProxyType({})  # how each answered the last stage

    def reads(self, side: int, act: Act) -> bool:
        """True when `side` may see this act: its own, and what has been revealed."""
        return act.side == side or act.number in self.revealed

    def can_unsay(self, side: int) -> frozenset[int]:
        """Return the numbers of this side's words that stand: read by both, or told in advance."""
        mine = frozenset(n for n, whose in self.worded.items() if whose == side)
        return mine & (self.revealed | frozenset(self.accounts.values()))

    @property
    def opening(self) -> int:
        """The number of what the inviter wrote before the first answer."""
        return 1 if self.has_account else ABOUT

    @property
    def is_open(self) -> bool:
        """True until it is mended."""
        return self.stage in OPEN

    @property
    def goes_to_a_session(self) -> bool:
        """True once both would bring it to a session."""
        return len(self.bringing) == len(SIDES)

    @property
    def is_kept(self) -> bool:
        """True while both would keep the words."""
        return len(self.keeping) == len(SIDES)


def other(side: int) -> int:
    """Return the side across."""
    return SIDES[0] + SIDES[1] - side
