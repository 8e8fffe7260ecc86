"""Two people on two phones, each with a connection of their own, in any order and at once.

What the pure flow says has to be what the rows say; no order of taps, with repeats and with taps in
the same instant, reveals words early or loses any.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db.models import QuerySet
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from couples.clock import database_now
from couples.models import Partner
from repairs import flow
from repairs.models import ActRefused, Particulars, Repair, RepairAct
from repairs.room import Room
from repairs.terms import FIRST, PARTS, SIDES, WITH_WORDS, Kind, State, other
from tests.at_once import at_once, refused
from tests.factories import fresh, make_couple, make_person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("much_at_once"),
]

FAITHFUL = st.randoms(use_true_random=False)


@dataclass
class Tap:
    """What one phone sends: the same tap again has the same key."""

    side: int
    kind: Kind
    about: int | None
    now: datetime
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def words(self) -> str | None:
        """What was typed with it, which nobody else has typed."""
        return f"typed by {self.side}: {self.key}" if self.kind in WITH_WORDS else None

    @property
    def next_time(self) -> str | None:
        """What is promised beside a part, and beside none."""
        parts = {*PARTS, Kind.SEND, Kind.NO_PART}
        return f"next time {self.side}: {self.key}" if self.kind in parts else None


class TwoPhones(RuleBasedStateMachine):
    """One repair, and all that two people can do with it."""

    def __init__(self) -> None:
        super().__init__()
        names = uuid.uuid4().hex[:12]
        first = make_person(name="Ana", email=f"a{names}@example.com")
        second = make_person(name="Ben", email=f"b{names}@example.com")
        self.two = make_couple(first=first, second=second)
        self.clients = {side: Client() for side in SIDES}
        for side, client in self.clients.items():
            client.force_login(self.two[side - 1].person)
        self.now = database_now()
        self.repair: Repair
        self.taken: list[Tap] = []
        self.opening = f"before the first act {uuid.uuid4()}"

    # --- What they do ----------------------------------------------------------------------------

    @initialize(side=st.sampled_from(SIDES), kind=st.sampled_from(sorted(FIRST)))
    def begin(self, side: int, kind: Kind) -> None:
        """Either begins, in one of the three ways."""
        tap = Tap(side, kind, None, self.now)
        by = fresh(self.two[side - 1])
        if kind is Kind.INVITE:
            self.repair = Repair.draft(by=by, door="i_was_hurt", happened=self.opening)
            self.repair.invite(by=by, client_key=tap.key, now=self.now)
        else:
            words, next_time = tap.words or "", tap.next_time or ""
            about = self.opening if kind is Kind.SMALL else ""
            more = {"about": about, "next_time": next_time, "now": self.now}
            self.repair = Repair.begin(kind, words, by=by, client_key=tap.key, **more)  # type: ignore[arg-type]
        self.taken.append(tap)

    @rule(side=st.sampled_from(SIDES), chance=FAITHFUL)
    def one_does_something(self, side: int, chance: object) -> None:
        """One of the things this side may do."""
        if tap := self._fitting(side, chance):
            before = self._state()
            assert not refused(at_once(self._send(tap)))
            self.taken.append(tap)
            opened = self._state().revealed - before.revealed
            theirs = {n for n in opened if n and self.taken[n - 1].side != side}
            assert not theirs or other(side) not in before.resting

    @rule(side=st.sampled_from(SIDES), kind=st.sampled_from(list(Kind)))
    def one_tries_anything(self, side: int, kind: Kind) -> None:
        """What does not fit is refused in words, and leaves nothing behind."""
        if kind in self._may(side):
            return
        result = at_once(self._send(Tap(side, kind, None, self.now)))
        assert [type(each) for each in refused(result)] == [ActRefused]

    @rule(chance=FAITHFUL)
    def both_in_the_same_instant(self, chance: object) -> None:
        """One order: both are kept, or one is refused."""
        taps = [tap for side in SIDES if (tap := self._fitting(side, chance))]
        results = at_once(*(self._send(tap) for tap in taps)) if taps else []
        assert all(isinstance(each, ActRefused) for each in refused(results))
        done = [tap for tap, each in zip(taps, results, strict=True) if each is None]
        assert done or not taps
        numbers = {act.client_key: act.number for act in self._acts()}
        self.taken += sorted(done, key=lambda tap: numbers[tap.key])

    @rule(chance=FAITHFUL)
    def a_tap_arrives_again(self, chance: object) -> None:
        """Whenever it does, and at once with itself, it changes nothing."""
        tap = chance.choice(self.taken)  # type: ignore[attr-defined]
        before = list(self._acts().values_list("pk", "number"))
        assert not refused(at_once(self._send(tap), self._send(tap)))
        assert list(self._acts().values_list("pk", "number")) == before

    @rule(days=st.integers(1, 3))
    def sleep_on_it(self, days: int) -> None:
        """Days go by."""
        self.now += timedelta(days=days)

    # --- What must hold --------------------------------------------------------------------------

    @invariant()
    def the_rows_are_what_the_flow_says(self) -> None:
        """Every act that was taken is there once, in order; what is stored beside it follows."""
        if not self.taken:
            return
        acts = list(self._acts())
        assert [act.client_key for act in acts] == [tap.key for tap in self.taken]
        assert [act.number for act in acts] == list(range(1, len(acts) + 1))
        found = self._repair()
        state = found.state()
        assert (found.stage, found.resting) == (state.stage, bool(state.resting))
        assert (found.mended_on is None) == (state.stage not in {"mended", "held"})

    @invariant()
    def no_words_are_lost_and_none_are_early(self) -> None:
        """Each reads their own; of the other's, what has been revealed and not taken back."""
        if not self.taken:
            return
        unsaid = {tap.about for tap in self.taken if tap.kind is Kind.UNSAY}
        for me in SIDES:
            found, viewer = self._repair(), fresh(self.two[me - 1])
            found.couple = viewer.couple
            room = Room.enter(found, viewer, now=self.now)
            texts = {act.number: act.words for act in room.acts}
            page = self.clients[me].get(f"/repairs/{found.pk}/").content.decode()
            if self.taken[0].side != me and room.state.opening not in room.state.revealed:
                assert self.opening not in page
            for number, tap in enumerate(self.taken, start=1):
                may_read = tap.side == me or number in room.state.revealed
                if tap.next_time and not may_read:
                    assert tap.next_time not in page
                if tap.words and may_read:
                    assert texts[number] == (None if number in unsaid else tap.words)
                elif tap.words:
                    assert number not in texts
                    assert tap.words not in page

    # --- How -------------------------------------------------------------------------------------

    def _repair(self) -> Repair:
        return Repair.objects.get(pk=self.repair.pk)

    def _acts(self) -> QuerySet[RepairAct]:
        return RepairAct.objects.filter(repair=self.repair.pk).order_by("number")

    def _state(self) -> State:
        found, one = self._repair(), fresh(self.two[0])
        found.couple = one.couple
        return found.state(one.couple.today(self.now))

    def _may(self, side: int) -> frozenset[Kind]:
        return flow.may(self._state(), side)

    def _fitting(self, side: int, chance: object) -> Tap | None:
        state = self._state()
        may = sorted(flow.may(state, side))
        if not may:
            return None
        kind = chance.choice(may)  # type: ignore[attr-defined]
        unsay = kind is Kind.UNSAY
        about = chance.choice(sorted(state.can_unsay(side))) if unsay else None  # type: ignore[attr-defined]
        return Tap(side, kind, about, self.now)

    def _send(self, tap: Tap) -> Callable[[], None]:
        """Return what a request with this tap does, on whatever connection it runs."""

        def request() -> None:
            by, found = fresh(self.two[tap.side - 1]), self._repair()
            found.couple = by.couple
            found.act(
                by=by,
                kind=tap.kind,
                client_key=tap.key,
                words=tap.words,
                more=Particulars(about=tap.about, next_time=tap.next_time),
                now=tap.now,
            )

        return request


def test_two_phones_in_any_order_and_at_once(two: tuple[Partner, Partner]) -> None:
    assert two
    run_state_machine_as_test(
        TwoPhones,
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def two() -> tuple[Partner, Partner]:
    """Somebody else's couple, so that ours is never the only one."""
    return make_couple(first=make_person(name="Kim"), second=make_person(name="Jo"))
