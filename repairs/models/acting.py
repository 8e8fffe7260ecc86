"""Adding one act to a repair: what it leads to, what is derived from it, and who is told.

Called inside the transaction that holds the couple and the repair.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from couples import brakes
from couples.append_only import retention
from couples.live.publisher import publish
from couples.models import Partner
from repairs import flow
from repairs.models import promises
from repairs.models.act import MOVED_ON, ActRefused, RepairAct
from repairs.terms import FOR_ONESELF, SIDES, Kind, Refused, Stage, State

if TYPE_CHECKING:
    from repairs.models.repair import Repair

BRAKE_OF: Mapping[Kind, tuple[str, bool]] = {
    Kind.INVITE: ("repair", False),
    Kind.SMALL: ("repair", False),
    Kind.ASK_AGAIN: ("repair_again", False),
    Kind.SEND: ("repair_part", False),
    Kind.LATER: ("repair_time", True),
    Kind.BACK: ("repair_return", True),
}
"""The brake of an act, and whether it counts for each repair alone; any other is a step of one."""

UNBRAKED = FOR_ONESELF | {Kind.REST, Kind.UNSAY, Kind.CHANGE, Kind.BRING}

FADES_AFTER = timedelta(days=90)
"""After it was said to hold. What was never asked (a small repair, a part sent alone) stays."""

DERIVED = (
    *("shared_at", "shared_on", "stage", "resting", "touched_at"),
    *("small", "asks_on", "mended_on", "held_on", "fades_on", "kept"),
    *("turn_of_1", "turn_of_2", "aside_for_1", "aside_for_2"),
)


def append(row: RepairAct, *, to: State | None, at: str = "") -> None:
    """Add a row to its repair, which stands at `to`.

    Raises ActRefused when it does not fit, or was meant for another stage, `at`.
    """
    repair, by = row.repair, row.author
    if at and to and to.stage != at:
        raise ActRefused(MOVED_ON)
    try:
        after = flow.step(to, row.as_act())
    except Refused as refusal:
        raise ActRefused(MOVED_ON) from refusal
    # Words can be taken back from what rests by itself: that wakes it no more than reading does.
    asleep = repair.resting and row.kind == Kind.UNSAY
    wakes = after.is_open and not after.resting and not asleep
    if wakes and not (repair.is_open and not repair.resting):
        _guard_one_under_way(repair)
    rested = repair.resting
    _derive(repair, after, row, asleep=asleep)
    row.save(force_insert=True)
    if row.about is not None:
        _unsay(repair, row.about, opens=after.opening)
    repair.forget_story()
    promises.plan(repair, after, now=row.done_at)
    woken = rested and not repair.resting
    if to and after.stage is to.stage and not woken and _is_for_oneself(row, to):
        publish(by.couple, "repair", "today", to=[by])
    else:
        by.couple.was_active(row.day, by=by)
        publish(by.couple, "repair", "today")


def _is_for_oneself(row: RepairAct, state: State) -> bool:
    """True for what changes nothing that the other can see."""
    if row.kind == Kind.UNSAY:
        return row.about not in state.revealed
    return row.kind in FOR_ONESELF or row.kind == Kind.ACCOUNT


def _derive(repair: Repair, state: State, row: RepairAct, *, asleep: bool) -> None:
    """Store what queries need."""
    repair.stage, repair.small = state.stage, state.small
    repair.resting = asleep or bool(state.resting)
    if not asleep:
        repair.touched_at = row.done_at
    mended = state.stage in {Stage.MENDED, Stage.HELD}
    repair.mended_on = date.fromordinal(state.mended_on) if mended else None
    if state.stage is Stage.HELD:
        repair.held_on = repair.held_on or row.day
        repair.fades_on = repair.held_on + FADES_AFTER
    repair.kept = state.is_kept
    asks_on = flow.asks_on(state)
    repair.asks_on = date.fromordinal(asks_on) if asks_on else None
    later = flow.on(state, asks_on or state.today)  # as it will be when the two are asked
    repair.turn_of_1, repair.turn_of_2 = (flow.awaits(later, side) for side in SIDES)
    for side in SIDES:
        was = getattr(repair, f"aside_for_{side}") or (row.aside and side == row.author.seat)
        setattr(repair, f"aside_for_{side}", was and side in state.resting)
    # Never the words: they may have been rewritten since this instance was read.
    repair.save(update_fields=DERIVED)


def _unsay(repair: Repair, number: int, *, opens: int) -> None:
    """Delete words that their author takes back; nobody reads them again."""
    with retention():
        for said in repair.acts.filter(number=number):
            said.silence()
    if number == opens:
        repair.silence()


def hold_brake(repair: Repair, kind: Kind, *, by: Partner, now: datetime) -> None:
    """Take a place behind the brake of this kind of act, or raise ActRefused.

    Resting, setting down, taking words back or an answer, and what is one's own alone have none.
    """
    if kind in UNBRAKED:
        return
    channel, each = BRAKE_OF.get(kind, ("repair_step", True))
    about = repair.pk if each else ""
    brakes.hold(channel, by=by, refused=ActRefused, about=about, now=now)


def _guard_one_under_way(repair: Repair) -> None:
    others = type(repair).objects.under_way().filter(couple=repair.couple)
    if others.exclude(pk=repair.pk).exists():
        raise ActRefused(
            _("You two are in the middle of another repair. One at a time; this one waits.")
        )
