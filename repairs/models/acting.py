"""Adding one act to a repair: what it leads to, what is derived from it, and who is told.

Called inside the transaction that holds the couple and the repair.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from couples.append_only import retention
from couples.delivery.live import publish
from repairs import flow
from repairs.models import promises
from repairs.models.act import ActRefused, RepairAct
from repairs.terms import DAYS_UNTIL_HOLDS, FOR_ONESELF, SIDES, Refused, Stage, State

if TYPE_CHECKING:
    from repairs.models.repair import Repair

FADES_AFTER = timedelta(days=90)

DERIVED = (
    *("shared_at", "shared_on", "stage", "resting", "touched_at"),
    *("mended_on", "held_on", "fades_on", "kept"),
    *("turn_of_1", "turn_of_2", "aside_for_1", "aside_for_2"),
)


def append(row: RepairAct, *, to: State | None) -> None:
    """Add a row to its repair, which stands at `to`; raises ActRefused when it does not fit."""
    repair, by = row.repair, row.author
    try:
        after = flow.step(to, row.as_act())
    except Refused as refusal:
        raise ActRefused(
            _("Things have moved on since this page was drawn. This is where you two are now.")
        ) from refusal
    if after.is_open and not after.resting and not (repair.is_open and not repair.resting):
        _guard_one_under_way(repair)
    _derive(repair, after, row)
    row.save(force_insert=True)
    if row.about is not None:
        _unsay(repair, row.about)
    repair.forget_story()
    promises.plan(repair, after, now=row.done_at)
    if row.kind in FOR_ONESELF and to is not None and after.stage is to.stage:
        publish(by.couple, "repair", "today", to=[by])
    else:
        by.couple.was_active(row.day, by=by)
        publish(by.couple, "repair", "today")


def _derive(repair: Repair, state: State, row: RepairAct) -> None:
    """Store what queries need."""
    repair.stage = state.stage
    repair.resting = bool(state.resting)
    repair.touched_at = row.done_at
    mended = state.stage in {Stage.MENDED, Stage.HELD}
    repair.mended_on = date.fromordinal(state.mended_on) if mended else None
    if state.stage is Stage.HELD:
        repair.held_on = repair.held_on or row.day
    repair.fades_on = _fades_on(repair, state)
    repair.kept = state.is_kept
    # As it will be when the two are asked whether it holds.
    later = flow.on(state, state.mended_on + DAYS_UNTIL_HOLDS)
    repair.turn_of_1, repair.turn_of_2 = (flow.awaits(later, side) for side in SIDES)
    for side in SIDES:
        was = getattr(repair, f"aside_for_{side}") or (row.aside and side == row.author.seat)
        setattr(repair, f"aside_for_{side}", was and side in state.resting)
    # Never the words: they may have been rewritten since this instance was read.
    repair.save(update_fields=DERIVED)


def _fades_on(repair: Repair, state: State) -> date | None:
    """Return the day on which the words fade, unless both keep them."""
    over = repair.held_on
    if state.small:  # nobody is asked whether it holds
        over = repair.mended_on
    elif state.stage is Stage.SENT:
        over = repair.shared_on
    return over + FADES_AFTER if over else None


def _unsay(repair: Repair, number: int) -> None:
    """Delete words that their author takes back; nobody reads them again."""
    with retention():
        for said in repair.acts.filter(number=number):
            said.silence()
    if number == 1:
        repair.silence()


def _guard_one_under_way(repair: Repair) -> None:
    others = type(repair).objects.under_way().filter(couple=repair.couple)
    if others.exclude(pk=repair.pk).exists():
        raise ActRefused(
            _("You two are in the middle of another repair. One at a time; this one waits.")
        )
