"""The way back as a page to read: drawn from the table in `repairs/flow.py`, so that both agree.

`python -m repairs.drawing` writes docs/repair-flow.md; a test fails when file and table differ.
Nothing here is written down twice: who may do what is read from the table, and what comes next by
trying every act in every state that two people can reach. It imports no Django.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from repairs.flow import (
    OPEN,
    ROUNDS_BEFORE_CLOSE_ENOUGH,
    SIDES,
    STAGES,
    TABLE,
    Act,
    Fits,
    Kind,
    Stage,
    State,
    fold,
    step,
)

FILE = Path(__file__).resolve().parent.parent / "docs" / "repair-flow.md"
COMMAND = "python -m repairs.drawing"

STAGE_WORDS: Mapping[Stage, str] = {
    Stage.INVITED: "invited",
    Stage.SETTLING: "settling",
    Stage.HURT: "what hurt",
    Stage.ECHO: "saying back",
    Stage.PART: "my part",
    Stage.RECEIVE: "taking it in",
    Stage.US: "us",
    Stage.SAFE: "safe again?",
    Stage.NOT_YET: "not yet",
    Stage.ON_THE_WAY: "on the way back",
    Stage.MENDED: "mended",
}
KIND_WORDS: Mapping[Kind, str] = {
    Kind.INVITE: "invite",
    Kind.NOW: "begin now",
    Kind.LATER: "begin later",
    Kind.SETTLED: "settled",
    Kind.HURT: "say what hurt",
    Kind.NO_HURT: "nothing of mine",
    Kind.ECHO: "say back what was heard",
    Kind.THATS_IT: "that's it",
    Kind.NOT_QUITE: "not quite yet",
    Kind.CLOSE_ENOUGH: "close enough",
    Kind.PART: "name my part",
    Kind.NO_PART: "no part in this one",
    Kind.TAKE_IN: "take it in",
    Kind.NOT_THERE: "not there yet",
    Kind.US: "say what we are",
    Kind.SAFE_YES: "yes",
    Kind.SAFE_GETTING: "getting there",
    Kind.SAFE_NOT_YET: "not yet",
    Kind.AGAIN_HURT: "back to what hurt",
    Kind.AGAIN_PART: "back to my part",
    Kind.IN_PERSON: "done in person",
    Kind.REST: "rest",
    Kind.BACK: "come back",
}
WHO: Mapping[str, str] = {
    "_invitee": "the one who was invited",
    "_unanswered": "each, once",
    "_hears": "the one who listens",
    "_judges": "the one who was listened to",
    "_judges_at_length": (
        f"the one who was listened to, after {ROUNDS_BEFORE_CLOSE_ENOUGH} rounds"
    ),
    "_not_yet_in_person": "each, once",
    "_somebody_is_not_there": "either, while somebody is not there yet",
    "_both": "either",
}
"""Words for the conditions that stand in the table, by the name of the function."""

NEEDS_BOTH = frozenset({"_unanswered", "_not_yet_in_person"})


@dataclass(frozen=True)
class Way:
    """One act in one reachable state, and the state it leads to."""

    before: State
    act: Act
    after: State


def ways() -> list[Way]:
    """Return every act in every state that two people can reach, from either's invitation on.

    States that differ only in what was said before are one: the table does not ask for it, nor for
    rounds beyond those after which "close enough" is offered. That makes them a finite number.
    """
    waiting = [_start(side) for side in SIDES]
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
    answers = {side: replace(act, number=1) for side, act in state.answers.items()}
    return replace(
        state,
        count=1,
        answers=answers,
        listening=listening,
        revealed=frozenset(),
        last_answers={},
    )


def key(state: State) -> tuple[object, ...]:
    """Return what tells two plain states apart."""
    return (
        state.stage,
        state.inviter,
        state.in_person,
        state.resting,
        frozenset(state.answers.items()),
        frozenset(state.listening.items()),
    )


def document() -> str:
    """Return docs/repair-flow.md as the table has it now."""
    found = ways()
    return "\n".join([HEAD, *_diagram(found), MIDDLE, *_table(found), TAIL])


def _start(side: int) -> State:
    state = fold([Act(1, side, Kind.INVITE)])
    if state is None:  # pragma: no cover - an invitation always begins
        raise AssertionError
    return plain(state)


def _acts(state: State) -> Iterator[Act]:
    for side in SIDES:
        for kind in sorted(state.may(side)):
            yield Act(state.count + 1, side, kind)


# --- The drawing ---------------------------------------------------------------------------------


def _diagram(found: list[Way]) -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {Stage.INVITED}: invite"]
    lines += [
        f'    state "{words}" as {stage}' for stage, words in STAGE_WORDS.items() if words != stage
    ]
    for before in STAGES:
        for after in STAGES:
            labels = dict.fromkeys(_label(way) for way in found if _leads(way, before, after))
            if labels:
                lines.append(f"    {before} --> {after}: {' or '.join(sorted(labels))}")
    return [*lines, f"    {Stage.MENDED} --> [*]", "```"]


def _leads(way: Way, before: Stage, after: Stage) -> bool:
    return _onward(way) and (way.before.stage, way.after.stage) == (before, after)


def _onward(way: Way) -> bool:
    """True when it leads to another stage, or to the same one asked anew."""
    anew = way.before.answers and not way.after.answers
    return way.after.stage is not way.before.stage or bool(anew)


def _label(way: Way) -> str:
    """What leads on: one act, or the answers of both."""
    kind = way.act.kind
    if kind is Kind.IN_PERSON:
        return f"both {KIND_WORDS[kind]}"
    if not way.before.answers:
        return KIND_WORDS[kind]
    both = sorted({kind, *(act.kind for act in way.before.answers.values())}, key=_order)
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
    rests = f"| every stage but {STAGE_WORDS[Stage.MENDED]} | each, at any time |"
    come_back = "the same stage; all that one may do until then is come back"
    lines.append(f"{rests} {KIND_WORDS[Kind.REST]} | {come_back} |")
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
        return f"waits for the other; then {onward}"
    return f"stays here, or {onward}" if onward else "stays here"


def _order(kind: Kind) -> int:
    return list(Kind).index(kind)


def _name(fits: Fits) -> str:
    return fits.__name__


HEAD = f"""# The way back

Drawn from the table in `repairs/flow.py` by `{COMMAND}`; do not change this page by
hand. Every line was found by trying each act in each of the states that two people can reach.
"""

MIDDLE = f"""
Where both have to answer, the words of each stay hidden until both are there. Rest is not in the
drawing, because it is no stage: at each of the {len(OPEN)} open stages either may rest, whatever
the reason, and comes back to the stage as it is then. The other sees that one rests, never why.
What is mended meanwhile needs no rest any more.

## The same in words
"""

TAIL = """
From every one of these states somebody has a next step, both have a way out, and "mended" can still
be reached (`tests/repairs/test_drawing.py`).
"""


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
