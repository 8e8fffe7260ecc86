"""Every stage of a repair in its four states: mine to do, waiting, revealed, done; and resting.

A scene is the steps that lead to it and the seat of the one who looks.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from couples.models import Partner
from repairs.models import Particulars, Repair
from repairs.terms import Kind
from tests.browser.repairing import days_go_by
from tests.factories import without_brakes

ANA, BEN = 1, 2

Step = tuple[int, Kind] | tuple[int, Kind, str]

HURT = "You went ahead with your brother and I stood there with both bags. I felt like luggage."
ALSO = "I had asked you twice, and you said nothing. I felt alone with it."
HEARD = "You wanted us to walk in together."
PART = "I said nothing all evening and let you guess what it was."
THEIRS = "I saw you struggle and kept on talking. I could have put the phone down."
US = "You are who I want to walk in with. Always."
OURS = "No evening is worth being far from you."

SETTLED: list[Step] = [(BEN, Kind.NOW), (ANA, Kind.SETTLED), (BEN, Kind.SETTLED)]
HEARING: list[Step] = [*SETTLED, (ANA, Kind.HURT, HURT), (BEN, Kind.HURT, ALSO)]
PARTS: list[Step] = [
    *HEARING,
    *((BEN, Kind.ECHO, HEARD), (ANA, Kind.THATS_IT)),
    *((ANA, Kind.ECHO, "You were alone with it."), (BEN, Kind.THATS_IT)),
]
RECEIVING: list[Step] = [*PARTS, (ANA, Kind.PART, PART), (BEN, Kind.PART, THEIRS)]
BOND: list[Step] = [*RECEIVING, (ANA, Kind.TAKE_IN), (BEN, Kind.TAKE_IN)]
SAFE: list[Step] = [*BOND, (ANA, Kind.US, US), (BEN, Kind.US, OURS)]
MENDED: list[Step] = [*SAFE, (ANA, Kind.SAFE_YES), (BEN, Kind.SAFE_YES)]
HELD: list[Step] = [*MENDED, (ANA, Kind.HOLDS_YES), (BEN, Kind.HOLDS_YES)]
STUCK: list[Step] = [
    *SETTLED,
    *((ANA, Kind.HURT, HURT), (BEN, Kind.NO_HURT)),
    *[step for _round in range(3) for step in ((BEN, Kind.ECHO, HEARD), (ANA, Kind.NOT_QUITE))],
    (BEN, Kind.ECHO, "You felt left with all of it."),
]

SCENES: dict[str, tuple[list[Step], int]] = {
    "invited-mine": ([], BEN),
    "invited-waiting": ([], ANA),
    "invited-promised": ([(BEN, Kind.LATER)], ANA),
    "settling-mine": (SETTLED[:1], ANA),
    "settling-waiting": (SETTLED[:2], ANA),
    "hurt-mine": (SETTLED, ANA),
    "hurt-mine-invited": (SETTLED, BEN),
    "hurt-waiting": ([*SETTLED, (ANA, Kind.HURT, HURT)], ANA),
    "hurt-in-person": ([*SETTLED, (BEN, Kind.IN_PERSON)], ANA),
    "hurt-revealed-saying-back": (HEARING, ANA),
    "saying-back-waiting": ([*HEARING, (ANA, Kind.ECHO, HEARD)], ANA),
    "saying-back-answering": ([*HEARING, (ANA, Kind.ECHO, HEARD)], BEN),
    "saying-back-stuck": (STUCK, ANA),
    "saying-back-brought": ([*STUCK, (BEN, Kind.BRING)], ANA),
    "part-mine": (PARTS, ANA),
    "part-waiting": ([*PARTS, (ANA, Kind.PART, PART)], ANA),
    "part-revealed-taking-in": (RECEIVING, ANA),
    "taking-in-waiting": ([*RECEIVING, (ANA, Kind.TAKE_IN)], ANA),
    "taking-in-not-there": ([*RECEIVING, (BEN, Kind.NOT_THERE)], ANA),
    "us-mine": (BOND, ANA),
    "us-waiting": ([*BOND, (ANA, Kind.US, US)], ANA),
    "us-revealed-safe": (SAFE, ANA),
    "safe-waiting": ([*SAFE, (ANA, Kind.SAFE_YES)], ANA),
    "safe-revealed-not-yet": ([*SAFE, (ANA, Kind.SAFE_YES), (BEN, Kind.SAFE_NOT_YET)], ANA),
    "safe-revealed-on-the-way": ([*SAFE, (ANA, Kind.SAFE_YES), (BEN, Kind.SAFE_GETTING)], ANA),
    "on-the-way-waiting": (
        [*SAFE, *((who, Kind.SAFE_GETTING) for who in (ANA, BEN)), (ANA, Kind.SAFE_YES)],
        ANA,
    ),
    "mended": (MENDED, ANA),
    "mended-holds": (MENDED, BEN),
    "mended-no": ([*MENDED, (BEN, Kind.HOLDS_NO)], BEN),
    "mended-yes": ([*MENDED, (BEN, Kind.HOLDS_YES)], BEN),
    "held": (HELD, ANA),
    "held-kept": ([*HELD, (ANA, Kind.KEEP)], ANA),
    "resting-mine": ([*PARTS, (ANA, Kind.REST)], ANA),
    "resting-theirs": ([*PARTS, (BEN, Kind.REST)], ANA),
    "unsaid": ([*RECEIVING, (BEN, Kind.UNSAY)], ANA),
    "small-mine": ([], BEN),
    "sent-to-me": ([], BEN),
    "sent-by-me": ([], ANA),
}
"""By name; what comes two days later is looked at two days later."""


@dataclass(frozen=True)
class Scene:
    """One repair as it stands, and who looks at it."""

    repair: Repair
    viewer: Partner


@without_brakes()
def play(name: str, ana: Partner, ben: Partner) -> Scene:
    """Walk to a scene, from the beginning; two people walk to all of them in one day."""
    steps, seat = SCENES[name]
    repair = _begin(name, ana)
    for number, (side, kind, *words) in enumerate(steps):
        if kind in {Kind.HOLDS_YES, Kind.HOLDS_NO} and steps[number - 1][1] is Kind.SAFE_YES:
            days_go_by(3)
        _take(repair, (ana, ben)[side - 1], kind, words[0] if words else None)
    if name == "mended-holds":
        days_go_by(3)
    return Scene(repair, (ana, ben)[seat - 1])


def _begin(name: str, ana: Partner) -> Repair:
    key = uuid.uuid4()
    if name == "small-mine":
        return Repair.begin(Kind.SMALL, PART, by=ana, about="The dishes", client_key=key)
    if name.startswith("sent"):
        return Repair.begin(Kind.SEND, PART, by=ana, next_time="I ask first.", client_key=key)
    happened = "At the station you went ahead with your brother."
    repair = Repair.draft(by=ana, door="i_was_hurt", happened=happened, how_much=3)
    repair.invite(by=ana, client_key=key)
    return repair


def _take(repair: Repair, by: Partner, kind: Kind, words: str | None) -> None:
    about = None
    if kind is Kind.UNSAY:
        about = max(repair.state().can_unsay(by.seat))
    promised = repair.acts.get(number=1).done_at if kind is Kind.LATER else None
    more = Particulars(about=about, promised_at=promised)
    repair.act(by=by, kind=kind, client_key=uuid.uuid4(), words=words, more=more)
