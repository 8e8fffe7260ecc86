"""A person only when both agree: every order of acts on the database, and the database alone.

The machine keeps a ledger of its own, in the plainest terms: who stands by what. After each step
the database is asked what is in force, and has to say what the ledger says.
"""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from couples.clock import database_now
from couples.models import Partner, Third, ThirdMoment, ThirdRefused
from couples.thirds.models.third import PEOPLE, Sort
from tests.factories import make_couple, make_person, name_third

SIDES = st.sampled_from([0, 1])
WHICH = st.integers(min_value=0)


class TwoPeople(RuleBasedStateMachine):
    """Two people who name, agree, let go, say what came first, and let days go by."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.stack.close()

    @initialize()
    def begin(self) -> None:
        key = uuid.uuid4().hex[:8]
        self.pair = make_couple(
            first=make_person(name="Ana", email=f"a{key}@example.com"),
            second=make_person(name="Ben", email=f"b{key}@example.com"),
        )
        self.couple = self.pair[0].couple
        self.now: datetime = database_now()
        self.thirds: list[Third] = []
        self.person: dict[uuid.UUID, bool] = {}
        self.names: dict[uuid.UUID, set[int]] = {}
        self.stood: set[uuid.UUID] = set()

    @precondition(lambda self: len(self.thirds) < 6)
    @rule(side=SIDES, sort=st.sampled_from(list(Sort)), person=st.booleans())
    def name(self, side: int, sort: Sort, person: bool) -> None:
        label = f"Number {len(self.thirds)}"
        made = name_third(by=self.pair[side], sort=sort, label=label, person=person, now=self.now)
        self.thirds.append(made)
        self.person[made.pk] = person or sort in PEOPLE
        self.names[made.pk] = {side}

    @precondition(lambda self: self.thirds)
    @rule(side=SIDES, which=WHICH)
    def agree(self, side: int, which: int) -> None:
        third = self.pick(which)
        may = self.person[third.pk] and bool(self.names[third.pk] - {side})
        try:
            third.agree(by=self.pair[side], now=self.now)
        except ThirdRefused:
            assert not may
        else:
            assert may
            self.names[third.pk].add(side)

    @precondition(lambda self: self.thirds)
    @rule(side=SIDES, which=WHICH)
    def let_go(self, side: int, which: int) -> None:
        third = self.pick(which)
        third.let_go(by=self.pair[side], now=self.now)
        self.names[third.pk] = set()

    @precondition(lambda self: self.thirds)
    @rule(side=SIDES, which=WHICH, came=st.sampled_from(["we", "this"]))
    def say(self, side: int, which: int, came: str) -> None:
        third, by = self.pick(which), self.pair[side]
        said = ThirdMoment.objects.filter(
            third=third, partner=by, day=self.couple.today(self.now)
        ).first()
        words: dict[str, Any] = {"came": came, "was": said.came if said else ""}
        try:
            ThirdMoment.say(third, by=by, day=self.couple.today(self.now), now=self.now, **words)
        except ThirdRefused:
            assert not self.stands(third)
        else:
            assert self.stands(third)

    @rule(days=st.integers(min_value=1, max_value=9))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    def pick(self, which: int) -> Third:
        """A third as a page drawn some time ago holds it."""
        return self.thirds[which % len(self.thirds)]

    def stands(self, third: Third) -> bool:
        names = self.names[third.pk]
        return len(names) == 2 if self.person[third.pk] else bool(names)

    @invariant()
    def the_database_says_what_the_ledger_says(self) -> None:
        if not hasattr(self, "thirds"):
            return
        in_force = set(self.couple.thirds.in_force().values_list("pk", flat=True))
        assert in_force == {each.pk for each in self.thirds if self.stands(each)}
        self.stood |= in_force
        said_of = set(ThirdMoment.objects.values_list("third", flat=True))
        assert said_of <= in_force
        gone = set(self.couple.thirds.let_go().values_list("pk", flat=True))
        assert gone == self.stood - in_force


@pytest.mark.usefixtures("much_at_once")
@pytest.mark.django_db
def test_a_person_is_a_third_only_while_both_stand_by_it() -> None:
    run_state_machine_as_test(
        TwoPeople,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


CANNOT_BE: list[dict[str, Any]] = [
    {"stage": "in_force", "since": "2026-11-02", "was_in_force": True},
    {"was_in_force": True},
    {
        "stage": "in_force",
        "since": "2026-11-02",
        "was_in_force": True,
        "agreed_by": "the one who named it",
    },
    {"is_person": False},
    {"stage": "let_go", "closed_on": "2026-11-02"},
    {"named_by": None},
    {"since": "2026-11-02"},
    {"stage": "nonsense"},
]


@pytest.mark.parametrize("columns", CANNOT_BE, ids=str)
def test_the_database_itself_refuses_a_person_whom_one_alone_has_named(
    ana: Partner, ben: Partner, columns: dict[str, Any]
) -> None:
    third = name_third(by=ana, sort="friends")
    written = {
        name: ana if value == "the one who named it" else value for name, value in columns.items()
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Third.objects.filter(pk=third.pk).update(**written)
    third.agree(by=ben)
    with pytest.raises(IntegrityError), transaction.atomic():
        Third.objects.filter(pk=third.pk).update(agreed_by=None)
