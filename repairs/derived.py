"""What queries need of a repair, derived from where the two stand. Pure: it imports no Django."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from repairs import flow
from repairs.terms import SIDES, Stage, State

FADES_AFTER = timedelta(days=90)
"""After it was said to hold. What was never asked (a small repair, a part sent alone) stays."""

COLUMNS = (
    *("shared_at", "shared_on", "stage", "resting", "touched_at"),
    *("small", "asks_on", "mended_on", "held_on", "fades_on", "kept"),
    *("turn_of_1", "turn_of_2", "aside_for_1", "aside_for_2"),
)
"""What is stored beside the acts."""


def derived(state: State, *, day: date, held_on: date | None, asleep: bool) -> dict[str, Any]:
    """Return the columns that follow from `state`, after an act of the couple's `day`.

    `held_on` is the day on which it was first held, if it was; `asleep` says that it goes on
    resting by itself. Once it is held it fades, counted from that day.
    """
    mended = state.stage in {Stage.MENDED, Stage.HELD}
    asks_on = flow.asks_on(state)
    later = flow.on(state, asks_on or state.today)  # as it will be when the two are asked
    found = {
        "stage": state.stage,
        "small": state.small,
        "resting": asleep or bool(state.resting),
        "mended_on": date.fromordinal(state.mended_on) if mended else None,
        "kept": state.is_kept,
        "asks_on": date.fromordinal(asks_on) if asks_on else None,
        **{f"turn_of_{side}": flow.awaits(later, side) for side in SIDES},
    }
    if state.stage is Stage.HELD:
        since = held_on or day
        found |= {"held_on": since, "fades_on": since + FADES_AFTER}
    return found
