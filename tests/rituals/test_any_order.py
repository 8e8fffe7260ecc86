"""Asks and topics as rows: whatever two people tap in whichever order, on however many phones.

Each phone holds the row as it was when its page was drawn. The pure flow says what has to come of a
tap; the database has to agree, and to hold every word that was taken.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from couples.models import Partner
from rituals.asks import flow as ask_flow
from rituals.models import Ask, AskRefused, Topic
from rituals.topics import flow as topic_flow
from rituals.topics.models.topic import TopicRefused
from tests.access.people import undone
from tests.at_once import at_once, refused
from tests.factories import fresh, make_couple, make_person, put_ask, raise_topic

BOUNDED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SEATS, PHONES = (1, 2), (0, 1)
Couple = tuple[Partner, Partner]


@dataclass
class Tap:
    """One tap: by whom, on which of their phones, on how late a page, and whether sent again."""

    seat: int
    phone: int
    kind: Any
    behind: int
    again: bool
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def words(self) -> str:
        """What was typed with it."""
        return f"{self.kind} by {self.seat}: {self.key}"


def taps(kinds: type[ask_flow.Kind] | type[topic_flow.Kind]) -> st.SearchStrategy[list[Tap]]:
    """Draw taps of any kind by either, on pages that are fresh most of the time."""
    one = st.builds(
        Tap,
        seat=st.sampled_from(SEATS),
        phone=st.sampled_from(PHONES),
        kind=st.sampled_from(list(kinds)),
        behind=st.sampled_from([0, 0, 0, 1, 2]),
        again=st.booleans(),
        key=st.builds(uuid.uuid4),
    )
    return st.lists(one, min_size=4, max_size=14)


class Phones:
    """The phones of the two, each with the row as it was before anybody answered."""

    def __init__(self, row: Ask | Topic, two: Couple) -> None:
        every = [(who.seat, phone) for who in two for phone in PHONES]
        self.who = {each: fresh(two[each[0] - 1]) for each in every}
        self.rows: dict[Any, Any] = {each: type(row).objects.get(pk=row.pk) for each in every}
        self.taken: list[str | None] = [None]

    def send(self, tap: Tap, *, taken: bool, **seen: int) -> None:
        """Tap, and tap again if it says so; it has to be taken or refused as `taken` says."""
        act, by = self.rows[tap.seat, tap.phone].act, self.who[tap.seat, tap.phone]
        once = partial(act, tap.kind, by=by, client_key=tap.key, words=tap.words, **seen)
        if not taken:
            with pytest.raises((AskRefused, TopicRefused)):
                once()
            return
        self.taken.append(tap.words)
        for _time in range(1 + tap.again):
            once()


@pytest.mark.usefixtures("much_at_once")
@BOUNDED
@given(begins=st.sampled_from(SEATS), steps=taps(ask_flow.Kind))
def test_an_ask_is_what_its_acts_say_in_any_order(
    couple: Couple, begins: int, steps: list[Tap]
) -> None:
    with undone():
        ask = put_ask(by=couple[begins - 1])
        phones, state = Phones(ask, couple), ask_flow.State(asker=begins)
        for tap in steps:
            seen = max(0, state.count - tap.behind)
            before = state
            with suppress(ask_flow.Refused):
                act = ask_flow.Act(state.count + 1, tap.seat, tap.kind, seen)
                state = ask_flow.step(state, act)
            phones.send(tap, taken=state is not before, answers=seen)
        found = _as_the_acts_say(ask, couple, state, phones)
        assert found.latest == state.count
        assert (found.closed_on is None) == state.is_open


@pytest.mark.usefixtures("much_at_once")
@BOUNDED
@given(
    begins=st.sampled_from(SEATS),
    about=st.sampled_from(["request", "plan", "concern"]),
    steps=taps(topic_flow.Kind),
)
def test_a_topic_is_what_its_acts_say_in_any_order(
    couple: Couple, begins: int, about: str, steps: list[Tap]
) -> None:
    concern = about == "concern"
    with undone():
        topic = raise_topic(by=couple[begins - 1], about=about)
        phones = Phones(topic, couple)
        state = topic_flow.State(raiser=begins, concern=concern)
        for tap in steps:
            before = state
            with suppress(topic_flow.Refused):
                act = topic_flow.Act(state.count + 1, tap.seat, tap.kind)
                state = topic_flow.step(state, act, concern=concern)
            phones.send(tap, taken=state is not before)
        found = _as_the_acts_say(topic, couple, state, phones)
        asked_by = found.leave_asked_by
        assert (asked_by and asked_by.seat) == state.leave_asked_by
        assert (found.closed_on is None) == (state.stage not in topic_flow.CLOSED)


def _as_the_acts_say(row: Ask | Topic, two: Couple, state: Any, phones: Phones) -> Any:
    found = type(row).objects.get(pk=row.pk)
    found.couple = two[0].couple
    assert found.state() == state
    assert found.stage == state.stage
    assert [act.words for act in found.story] == phones.taken
    assert [act.number for act in found.story] == list(range(1, state.count + 1))
    return found


# --- In the same instant, on connections of their own --------------------------------------------


def _tap(row: Ask | Topic, who: Partner, kind: Any) -> None:
    """Tap on a page drawn just now."""
    mine: Any = type(row).objects.get(pk=row.pk)
    seen = {"answers": mine.latest} if isinstance(mine, Ask) else {}
    mine.act(kind, by=fresh(who), client_key=uuid.uuid4(), words="x", **seen)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("much_at_once")
@pytest.mark.parametrize("what", ["ask", "topic"])
@settings(BOUNDED, max_examples=6)
@given(dice=st.randoms(use_true_random=False))
def test_two_phones_at_once_get_one_order(what: str, dice: Any) -> None:
    first, second = (make_person(name=uuid.uuid4().hex) for _each in range(2))
    two = make_couple(first=first, second=second)
    row = put_ask(by=two[0]) if what == "ask" else raise_topic(by=two[0], about="concern")
    kinds = list(ask_flow.Kind if what == "ask" else topic_flow.Kind)
    taken = 1
    for _round in range(3):
        results = at_once(*(partial(_tap, row, who, dice.choice(kinds)) for who in two))
        assert all(isinstance(each, AskRefused | TopicRefused) for each in refused(results))
        taken += len(two) - len(refused(results))
    found: Any = type(row).objects.get(pk=row.pk)
    found.couple = two[0].couple
    state = found.state()
    assert (found.stage, len(found.story), state.count) == (state.stage, taken, taken)
