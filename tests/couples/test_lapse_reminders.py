"""A principle about to lapse: one reminder, to the one whose signature ends, if they chose it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from couples.clock import database_now
from couples.days import DAY
from couples.delivery.claim import tick
from couples.models import Agreement, AgreementVersion, Partner, Reminder
from couples.principles.models.lapse_promise import AHEAD, KIND
from couples.principles.page import SOON
from couples.principles.reminders import LapseReminders
from tests.conftest import ClientOf
from tests.factories import fresh, turn_on

NOON = datetime(2026, 12, 1, 11, tzinfo=UTC)  # 12:00 in Berlin
SPRING = date(2027, 3, 1)


def sign_both(
    one: Partner, other: Partner, *, until: date = SPRING, now: datetime = NOON
) -> AgreementVersion:
    """Return a principle in force until that day."""
    made = Agreement.propose(
        by=one, area="repair", wording="We come back.", client_key=one.pk, until=until, now=now
    )
    made.sign(by=other, until=until, now=now)
    return made


def standing() -> list[tuple[str | None, str, datetime]]:
    """Return what stands: who would be told, of which lapse, when."""
    found = Reminder.objects.standing().filter(kind=KIND).select_related("person")
    return sorted((each.person.name, each.occasion, each.due_at) for each in found)


def evening(day: date) -> datetime:
    """Return 18:00 in Berlin, in winter."""
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


def test_nobody_is_told_who_has_not_chosen_it(ana: Partner, ben: Partner) -> None:
    sign_both(ana, ben)
    assert Reminder.objects.filter(kind=KIND).count() == 0


def test_a_week_before_on_the_clock_of_whoever_chose_it(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ana, now=NOON)
    sign_both(ana, ben)
    assert standing() == [("Ana", "2027-03-01", evening(SPRING - AHEAD))]
    promise = Reminder.objects.get(kind=KIND)
    assert promise.useful_until == datetime(2027, 3, 1, 3, tzinfo=UTC)  # 04:00: that day begins
    assert AHEAD < SOON  # one tap signs it again by then


def test_chosen_later_what_stands_is_planned(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    now = database_now()  # as the page has it
    sign_both(ana, ben, until=ana.couple.today(now) + 60 * DAY, now=now)
    client = client_of(ben)
    chosen = {each.html_name: each.value() for each in client.get("/me/reminders/").context["form"]}
    assert client.post("/me/reminders/", {**chosen, KIND: "email"}).status_code == 302
    assert [name for name, *_ in standing()] == ["Ben"]


def test_a_wording_that_one_has_signed_is_not_in_force_and_not_told_of(ana: Partner) -> None:
    turn_on(KIND, by=ana, now=NOON)
    Agreement.propose(
        by=ana, area="repair", wording="We wait.", client_key=ana.pk, until=SPRING, now=NOON
    )
    assert standing() == []


@pytest.mark.parametrize(
    ("days", "before"), [(9, 7), (7, 1), (2, 1)], ids=["a week", "less", "two days"]
)
def test_with_less_than_a_week_left_it_is_the_day_before(
    ana: Partner, ben: Partner, days: int, before: int
) -> None:
    turn_on(KIND, by=ana, now=NOON)
    late = NOON + timedelta(hours=7)  # 19:00: this evening is over
    until = NOON.date() + days * DAY
    sign_both(ana, ben, until=until, now=late)
    assert standing() == [("Ana", until.isoformat(), evening(until - before * DAY))]


def test_signed_for_tomorrow_there_is_nothing_to_say(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ana, now=NOON)
    sign_both(ana, ben, until=NOON.date() + DAY, now=NOON + timedelta(hours=7))
    assert standing() == []


def test_signed_again_by_one_it_tells_the_other_alone(ana: Partner, ben: Partner) -> None:
    for each in (ana, ben):
        turn_on(KIND, by=each, now=NOON)
    made = sign_both(ana, ben)
    summer = SPRING + 60 * DAY
    made.sign(by=ana, until=summer, now=NOON + DAY)
    assert [(name, lapse) for name, lapse, _due in standing()] == [
        ("Ana", summer.isoformat()),
        ("Ben", "2027-03-01"),
    ]
    made.sign(by=ben, until=summer, now=NOON + DAY)
    assert {lapse for _name, lapse, _due in standing()} == {summer.isoformat()}


def test_taken_back_it_is_dropped_for_both(ana: Partner, ben: Partner) -> None:
    for each in (ana, ben):
        turn_on(KIND, by=each, now=NOON)
    sign_both(ana, ben).withdraw(by=ben, now=NOON)
    assert standing() == []


def test_another_principle_leaves_it_alone(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ana, now=NOON)
    sign_both(ana, ben)
    Agreement.propose(
        by=ana, area="first", wording="We wait.", client_key=ben.pk, now=NOON
    ).withdraw(by=ben, now=NOON)
    assert len(standing()) == 1


def test_a_changed_wording_takes_its_place_once_both_have_signed(
    ana: Partner, ben: Partner
) -> None:
    turn_on(KIND, by=ana, now=NOON)
    first = sign_both(ana, ben)
    summer = SPRING + 60 * DAY
    second = first.agreement.reword(
        by=ana, wording="We wait.", client_key=ben.pk, until=summer, now=NOON
    )
    assert Reminder.objects.standing().get(kind=KIND).subject == first.pk
    second.sign(by=ben, until=summer, now=NOON)
    assert Reminder.objects.standing().get(kind=KIND).subject == second.pk


def test_it_is_sent_once_and_says_nothing(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ana, now=NOON)
    made = sign_both(ana, ben)
    due = evening(SPRING - AHEAD)
    tick(now=due)
    letters = [each for each in mail.outbox if KIND in str(Reminder.objects.get(kind=KIND))]
    assert Reminder.objects.get(kind=KIND).outcome == "sent"
    assert not any("come back" in str(each.body) for each in letters)
    made.sign(by=ben, until=SPRING + 30 * DAY, now=due + timedelta(hours=1))
    fresh(ana).keep_clock("Asia/Tokyo", now=due + timedelta(hours=1))
    assert standing() == []


def test_what_is_due_and_not_out_yet_is_not_put_off(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ana, now=NOON)
    sign_both(ana, ben)
    due = evening(SPRING - AHEAD)
    fresh(ana).keep_clock("Europe/Paris", now=due + timedelta(minutes=20))
    assert [each for *_, each in standing()] == [due]


def test_a_moved_clock_moves_the_hour(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ana, now=NOON)
    sign_both(ana, ben)
    ana.keep_clock("America/New_York", now=NOON)
    assert [due for *_, due in standing()] == [evening(SPRING - AHEAD) + timedelta(hours=6)]


def test_at_claim_it_is_wanted_while_their_name_ends_that_day(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ana, now=NOON)
    made = sign_both(ana, ben)
    promise, source = Reminder.objects.get(kind=KIND), LapseReminders()
    assert not source.wanted(promise, now=NOON)
    assert source.wanted(promise, now=promise.due_at)
    assert not source.wanted(promise, now=promise.useful_until)  # not in force any more
    made.signatures.filter(partner=ben).update(ended_at=NOON)
    assert not source.wanted(promise, now=promise.due_at)


def test_after_the_couple_has_ended_nothing_stands(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ana, now=NOON)
    sign_both(ana, ben)
    promise = Reminder.objects.get(kind=KIND)
    ana.couple.end(now=NOON)
    assert standing() == []
    assert not LapseReminders().wanted(promise, now=promise.due_at)
