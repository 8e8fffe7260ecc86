"""The way back as a page to read: drawn from the table in `repairs/flow.py`, so that both agree.

`python -m tests.repairs.drawing` writes docs/repair-flow.md; a test fails when file and table
differ. Nothing here is written down twice: who may do what is read from the table, and what comes
next by trying every act in every state that two people can reach. It imports no Django.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from repairs import flow
from repairs.conditions import Fits
from repairs.flow import ANYWHERE, TABLE, fold, step
from repairs.terms import (
    DAYS_UNTIL_HOLDS,
    FIRST,
    OPEN,
    PARTS,
    ROUNDS_BEFORE_CLOSE_ENOUGH,
    SIDES,
    STAGES,
    Act,
    Kind,
    Stage,
    State,
)
from tests.repairs.drawing_words import (
    ANYWHERE_WORDS,
    HEAD,
    KIND_WORDS,
    MIDDLE,
    STAGE_WORDS,
    TAIL,
    WHO,
)

FILE = Path(__file__).resolve().parents[2] / "docs" / "repair-flow.md"

NEEDS_BOTH = frozenset({"unanswered", "not_yet_in_person", "doubts_or_waits", "would_bring"})


ANYTIME = frozenset({Kind.CHANGE, Kind.REST, Kind.IN_PERSON})
"""What takes an answer away without asking both anew."""


@dataclass(frozen=True)
class Way:
    """One act in one reachable state, and the state it leads to."""

    before: State
    act: Act
    after: State


def ways() -> list[Way]:
    """Return every act in every state that two people can reach, however one begins.

    It is always the same one who does: the sides differ in nothing else. States that differ only
    in what was said before are one: the table does not ask for it, nor for rounds beyond those
    after which "close enough" is offered, nor for days beyond those until the next question. That
    makes them a finite number. Words taken back change no state, and are left out.
    """
    waiting = [_start(kind) for kind in sorted(FIRST)]
    seen = {key(state) for state in waiting}
    found: list[Way] = []
    while waiting:
        before = waiting.pop()
        for act in _acts(before):
            after = plain(step(before, act))
            found.append(Way(before, act, after))
            if key(after) not in seen:
                seen.add(key(after))
                waiting.append(after)
    return found


def plain(state: State) -> State:
    """Return the state without its past, which no condition in the table asks for."""
    listening = {
        side: replace(words, rounds=min(words.rounds, ROUNDS_BEFORE_CLOSE_ENOUGH))
        for side, words in state.listening.items()
    }
    answers = {side: replace(act, number=1, day=0) for side, act in state.answers.items()}
    return replace(
        state,
        count=1,
        today=_days_gone(state),
        since=0,
        has_account=True,
        asked_on=0,
        mended_on=0,
        answers=answers,
        listening=listening,
        accounts=dict.fromkeys(state.accounts, 1),
        anew={},
        worded={},
        revealed=frozenset(),
        last_answers={},
    )


def _days_gone(state: State) -> int:
    """Return how many days have gone by, as far as the table asks for them at this stage."""
    if state.stage is Stage.INVITED:
        return min(state.today - state.asked_on, 1)
    if state.stage is Stage.MENDED:
        return min(state.today - state.mended_on, DAYS_UNTIL_HOLDS)
    return 0


def key(state: State) -> tuple[object, ...]:
    """Return what tells two plain states apart."""
    return (
        state.stage,
        state.inviter,
        state.today,
        state.small,
        state.in_person,
        state.resting,
        state.bringing,
        state.keeping,
        frozenset(state.accounts),
        frozenset(state.answers.items()),
        frozenset(state.listening.items()),
    )


def document() -> str:
    """Return docs/repair-flow.md as the table has it now."""
    found = ways()
    return "\n".join([HEAD, *_diagram(found), MIDDLE, *_table(found), TAIL])


def _start(kind: Kind) -> State:
    state = fold([Act(1, SIDES[0], kind)])
    if state is None:  # pragma: no cover - a first act always begins
        raise AssertionError
    return plain(state)


def _acts(state: State) -> Iterator[Act]:
    """Yield what the two can do, the same day and on later days."""
    last = DAYS_UNTIL_HOLDS if state.stage in {Stage.INVITED, Stage.MENDED} else state.today
    for day in range(state.today, last + 1):
        for side in SIDES:
            for kind in sorted(flow.may(flow.on(state, day), side)):
                yield Act(state.count + 1, side, kind, day)


# --- The drawing ---------------------------------------------------------------------------------


def _diagram(found: list[Way]) -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2"]
    begins = {Kind.INVITE: Stage.INVITED, Kind.SMALL: Stage.PART, Kind.SEND: Stage.SENT}
    lines += [f"    [*] --> {stage}: {KIND_WORDS[kind]}" for kind, stage in begins.items()]
    lines += [
        f'    state "{words}" as {stage}' for stage, words in STAGE_WORDS.items() if words != stage
    ]
    for before in STAGES:
        for after in STAGES:
            labels = dict.fromkeys(_label(way) for way in found if _leads(way, before, after))
            if labels:
                lines.append(f"    {before} --> {after}: {' or '.join(sorted(labels))}")
    return [*lines, *(f"    {end} --> [*]" for end in STAGES if end not in OPEN), "```"]


def _leads(way: Way, before: Stage, after: Stage) -> bool:
    return _onward(way) and (way.before.stage, way.after.stage) == (before, after)


def _onward(way: Way) -> bool:
    """True when it leads to another stage, or to the same one asked anew."""
    anew = way.before.answers and not way.after.answers and way.act.kind not in ANYTIME
    return way.after.stage is not way.before.stage or bool(anew)


def _label(way: Way) -> str:
    """What leads on: one act, or the answers of both."""
    kind = way.act.kind
    if kind is Kind.IN_PERSON:
        return f"both {KIND_WORDS[kind]}"
    theirs = {act.kind for side, act in way.before.answers.items() if side != way.act.side}
    if not theirs or kind is Kind.REOPEN:
        return KIND_WORDS[kind]
    # A small repair begins with a part.
    both = sorted({Kind.PART if each in PARTS else each for each in {kind, *theirs}}, key=_order)
    words = " + ".join(KIND_WORDS[each] for each in both)
    return f"both {words}" if len(both) == 1 else words


# --- The same in words ---------------------------------------------------------------------------


def _table(found: list[Way]) -> list[str]:
    lines = ["| stage | who | may | what comes next |", "|---|---|---|---|"]
    for stage in STAGES:
        for kind in sorted(TABLE[stage], key=_order):
            fits = TABLE[stage][kind]
            these = [way for way in found if (way.before.stage, way.act.kind) == (stage, kind)]
            who, may = WHO[_name(fits)], KIND_WORDS[kind]
            lines.append(f"| {STAGE_WORDS[stage]} | {who} | {may} | {_next(these, fits)} |")
    lines += [
        f"| any | {WHO[_name(fits)]} | {KIND_WORDS[kind]} | {ANYWHERE_WORDS[kind]} |"
        for kind, fits in ANYWHERE.items()
    ]
    return lines


def _next(these: list[Way], fits: Fits) -> str:
    stages = {way.after.stage for way in these if _onward(way)}
    again = stages & {way.before.stage for way in these}
    onward = " or ".join(
        STAGE_WORDS[each] + (" once more" if each in again else "")
        for each in STAGES
        if each in stages
    )
    if all(_onward(way) for way in these):
        return onward
    if _name(fits) in NEEDS_BOTH:
        return f"waits for the other; then {onward or 'both rest'}"
    return f"stays here, or {onward}" if onward else "stays here"


def _order(kind: Kind) -> int:
    return list(Kind).index(kind)


def _name(fits: Fits) -> str:
    return fits.__name__


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
