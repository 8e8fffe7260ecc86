"""In force only while both signatures stand under the same wording: every order of acts, tried.

The machine below works on the real models and keeps a ledger of its own, in the plainest terms: who
has put a name under which wording, and until when. After each step the database is asked what is in
force, and has to say what the ledger says.
"""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from itertools import pairwise

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
from couples.models import Agreement, AgreementRefused, AgreementVersion, Partner, Signature
from couples.principles.history import past, stood
from couples.principles.page import Agreed
from tests.factories import agree, fresh, make_couple, make_person, propose

SIDES = st.sampled_from([0, 1])
AHEAD = st.integers(min_value=1, max_value=90)

EXAMPLES, STEPS = 70, 30
"""Orders of acts that are tried, and acts in each: about half a minute."""


class TwoPeople(RuleBasedStateMachine):
    """Two people who propose, sign, change, withdraw, and let days go by, in any order."""

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
        self.seen = [fresh(each) for each in self.pair]
        self.now: datetime = database_now()
        self.versions: list[AgreementVersion] = []
        self.names: dict[int, dict[int, date]] = {}
        self.gone: set[int] = set()
        self.adopted: set[int] = set()
        self.diary: dict[datetime, list[int]] = {}

    @property
    def today(self) -> date:
        return self.couple.today(self.now)

    @rule(side=SIDES, days=AHEAD)
    def propose(self, side: int, days: int) -> None:
        until, number = self.today + timedelta(days=days), len(self.versions) + 1
        words = {
            "wording": f"We keep number {number}.",
            "client_key": uuid.uuid4(),
            "until": until,
            "now": self.now,
        }
        if self.versions:
            made = self.versions[0].agreement.reword(by=self.pair[side], **words)  # type: ignore[arg-type]
        else:
            made = Agreement.propose(by=self.pair[side], area="repair", **words)  # type: ignore[arg-type]
        self.gone |= {each for each in self.names if each not in self.adopted}
        self.versions.append(made)
        self.names[number] = {side: until}

    @precondition(lambda self: self.versions)
    @rule(side=SIDES, choice=st.integers(min_value=0), days=AHEAD)
    def sign(self, side: int, choice: int, days: int) -> None:
        version = self.versions[choice % len(self.versions)]
        until = self.today + timedelta(days=days)
        try:
            version.sign(by=self.pair[side], until=until, now=self.now)
        except AgreementRefused:
            assert version.number in self.gone
            return
        assert version.number not in self.gone
        mine = self.names[version.number]
        mine[side] = max(mine.get(side, until), until)
        if self.stands(version.number):
            self.adopted.add(version.number)
            self.gone |= {each for each in self.names if each < version.number}

    @precondition(lambda self: self.versions)
    @rule(side=SIDES, choice=st.integers(min_value=0))
    def withdraw(self, side: int, choice: int) -> None:
        version = self.versions[choice % len(self.versions)]
        try:
            version.withdraw(by=self.pair[side], now=self.now)
        except AgreementRefused:
            assert version.number in self.gone
            return
        assert version.number not in self.gone
        self.names[version.number] = {}
        if version.number not in self.adopted:
            self.gone.add(version.number)

    @rule(minutes=st.integers(min_value=1, max_value=24 * 60))
    def hours_pass(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(days=st.integers(min_value=1, max_value=60))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    def stands(self, number: int) -> bool:
        names = self.names[number]
        return number not in self.gone and all(
            names.get(side, self.today) > self.today for side in (0, 1)
        )

    @invariant()
    def only_what_both_have_signed_is_in_force(self) -> None:
        found = {each.number for each in self.couple.wordings.in_force(self.today)}
        assert found == {number for number in self.names if self.stands(number)}
        assert len(found) <= 1

    @invariant()
    def both_read_the_same(self) -> None:
        rows = list(self.couple.wordings.filter(closed_at=None).with_names())
        ana, ben = (Agreed.by(each, rows, self.today) for each in self.seen)
        for hers, his in zip(ana, ben, strict=True):
            assert hers.in_force == his.in_force
            assert (hers.mine, hers.theirs) == (his.theirs, his.mine)
            # Once nothing is open, no word differs: not even who took it back can be read.
            assert hers.open or hers.line == his.line

    @invariant()
    def the_past_never_overlaps_and_is_what_it_was(self) -> None:
        """No instant lies in two terms; each that was lived through lies in the right one."""
        standing = [number for number in self.names if self.stands(number)]
        self.diary[self.now] = standing  # of several acts in one instant the last one counts
        rows = self.couple.wordings.prefetch_related("signatures")
        terms = sorted(
            (begin, end, row.number)
            for row in rows
            for begin, end in stood(row, couple=self.couple)
        )
        for before, after in pairwise(terms):
            assert before[1] <= after[0], "two wordings were in force at once"
        for lived, numbers in self.diary.items():
            assert [number for begin, end, number in terms if begin <= lived < end] == numbers

    @invariant()
    def the_pages_past_says_what_is_in_force(self) -> None:
        rows = self.couple.wordings.order_by("number").prefetch_related("signatures")
        told = past(rows, couple=self.couple, now=self.now)
        current = {each.words for each in told for term in each.terms if term.last is None}
        assert current == {each.wording for each in self.couple.wordings.in_force(self.today)}
        assert all(term.first <= (term.last or self.today) for p in told for term in p.terms)


@pytest.mark.usefixtures("much_at_once")
@pytest.mark.django_db
def test_in_force_is_what_both_have_signed_in_every_order_of_acts() -> None:
    run_state_machine_as_test(
        TwoPeople,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_old_wording_stands_until_both_have_signed_the_new(ana: Partner, ben: Partner) -> None:
    old = agree(ana, ben)
    new = old.agreement.reword(by=ben, wording="We come back by noon.", client_key=uuid.uuid4())
    today = ana.couple.today(database_now())
    assert list(ana.couple.wordings.in_force(today)) == [old]
    new.sign(by=ana)
    assert list(ana.couple.wordings.in_force(today)) == [new]
    with pytest.raises(AgreementRefused, match="moved on"):
        old.sign(by=ana)


def test_a_withdrawal_leaves_no_trace_of_whose_it_was(ana: Partner, ben: Partner) -> None:
    version = agree(ana, ben)
    version.withdraw(by=ben)
    ended = {(each.ended_at is None) for each in Signature.objects.all()}
    assert ended == {False}
    assert len({each.ended_at for each in Signature.objects.all()}) == 1


def test_it_lapses_on_its_day_unless_both_sign_again(ana: Partner, ben: Partner) -> None:
    version = agree(ana, ben)
    lapses = Signature.objects.get(partner=ana).lapses_on
    last = ana.couple.begins(lapses) - timedelta(hours=12)
    wordings = ana.couple.wordings
    assert wordings.in_force(ana.couple.today(last)).exists()
    assert not wordings.in_force(lapses).exists()
    later = lapses + timedelta(days=30)
    version.sign(by=ana, until=later, now=last)
    assert not wordings.in_force(lapses).exists()
    version.sign(by=ben, now=last)
    assert wordings.in_force(later - timedelta(days=1)).exists()
    assert not wordings.in_force(later).exists()


def test_what_is_about_to_lapse_can_be_asked_for(ana: Partner, ben: Partner) -> None:
    version, today = agree(ana, ben), ana.couple.today(database_now())
    wordings = ana.couple.wordings
    assert not wordings.lapsing(today, by_day=today + timedelta(days=28)).exists()
    assert list(wordings.lapsing(today, by_day=today + timedelta(days=93))) == [version]


@pytest.mark.parametrize("days", [0, -1, 800, 3000])
def test_a_day_that_is_not_within_two_years_is_refused(ana: Partner, days: int) -> None:
    until = ana.couple.today(database_now()) + timedelta(days=days)
    with pytest.raises(AgreementRefused):
        Agreement.propose(
            by=ana, area="repair", wording="We rest.", client_key=uuid.uuid4(), until=until
        )


def test_a_couple_has_one_purpose_through_all_its_wordings(ana: Partner, ben: Partner) -> None:
    first = propose(by=ana, wording="We come first.", area="purpose")
    second = propose(by=ben, wording="We come back.", area="purpose")
    assert first.agreement == second.agreement
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(couple=ana.couple, area="purpose")


def test_a_tap_sent_again_proposes_once(ana: Partner) -> None:
    key = uuid.uuid4()
    for _time in range(3):
        Agreement.propose(by=ana, area="repair", wording="We rest.", client_key=key)
    assert AgreementVersion.objects.count() == 1


def test_the_database_refuses_a_second_standing_name(ana: Partner) -> None:
    version, now = propose(by=ana), database_now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(
            couple=ana.couple,
            version=version,
            partner=ana,
            signed_at=now,
            lapses_on=now.date() + timedelta(days=9),
        )
