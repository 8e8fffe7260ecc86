"""What a repair promises to remind the two of, and when that is dropped."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from couples.clock import database_now
from couples.days import DAY
from couples.delivery.sources import source_of
from couples.models import Partner, Reminder
from repairs.models import Particulars, Repair, promises
from repairs.terms import Kind
from tests.factories import act, share_repair

pytestmark = pytest.mark.django_db


def standing(kind: str) -> list[str]:
    """Return whom a standing promise of this kind would tell, by name."""
    found = Reminder.objects.standing().filter(kind=kind).select_related("person")
    return sorted(each.person.name or "" for each in found)


def wanted(kind: str, *, now: datetime) -> list[str]:
    """Return whom delivery would still tell at `now`, by name."""
    source = source_of(kind)
    assert source is not None
    found = Reminder.objects.standing().filter(kind=kind).select_related("person")
    return sorted(each.person.name or "" for each in found if source.wanted(each, now=now))


def later(repair: Repair, by: Partner, *, minutes: int) -> None:
    more = Particulars(promised_at=database_now() + timedelta(minutes=minutes))
    repair.act(by=by, kind=Kind.LATER, client_key=uuid.uuid4(), more=more)


def rest(repair: Repair, by: Partner, *, minutes: int | None = None) -> None:
    at = database_now() + timedelta(minutes=minutes) if minutes else None
    more = Particulars(promised_at=at)
    repair.act(by=by, kind=Kind.REST, client_key=uuid.uuid4(), more=more)


def mend(repair: Repair, ana: Partner, ben: Partner) -> None:
    """Go the whole way face to face."""
    act(repair, by=ben, kind=Kind.NOW)
    for _stage in range(4):
        for each in (ana, ben):
            act(repair, by=each, kind=Kind.IN_PERSON)


def test_an_invitation_is_told_once_to_the_one_who_was_invited(ana: Partner, ben: Partner) -> None:
    repair = share_repair(by=ana)
    assert standing(promises.INVITED) == ["Ben"]
    assert wanted(promises.INVITED, now=database_now()) == ["Ben"]
    act(repair, by=ben, kind=Kind.NOW)
    assert standing(promises.INVITED) == []


def test_asked_again_on_another_day_it_is_told_once_more(ana: Partner, ben: Partner) -> None:
    then = database_now() - 2 * DAY
    repair = Repair.draft(by=ana, door="i_was_hurt", happened="x", how_much=2)
    repair.invite(by=ana, client_key=uuid.uuid4(), now=then)
    Reminder.objects.update(settled_at=then, outcome="sent")
    repair.act(by=ana, kind=Kind.ASK_AGAIN, client_key=uuid.uuid4())
    assert standing(promises.INVITED) == ["Ben"]


def test_a_small_one_is_told_once_and_a_part_sent_alone_is_not(ana: Partner, ben: Partner) -> None:
    Repair.begin(Kind.SEND, "I was short.", by=ana, client_key=uuid.uuid4())
    assert standing(promises.INVITED) == []
    small = Repair.begin(Kind.SMALL, "The dishes.", by=ana, client_key=uuid.uuid4())
    assert standing(promises.INVITED) == ["Ben"]
    assert wanted(promises.INVITED, now=database_now()) == ["Ben"]
    act(small, by=ben, kind=Kind.NO_PART)
    assert standing(promises.INVITED) == []


def test_a_promised_time_reminds_both_and_takes_the_place_of_the_invitation(
    ana: Partner, ben: Partner
) -> None:
    repair = share_repair(by=ana)
    later(repair, ben, minutes=60)
    assert standing(promises.BEGINS) == ["Ana", "Ben"]
    assert standing(promises.INVITED) == []
    later(repair, ben, minutes=180)
    assert Reminder.objects.standing().filter(kind=promises.BEGINS).count() == 2
    act(repair, by=ben, kind=Kind.NOW)
    assert standing(promises.BEGINS) == []


def test_a_return_time_reminds_its_owner_alone(ana: Partner, ben: Partner) -> None:
    repair = share_repair(by=ana)
    rest(repair, ben, minutes=60)
    assert standing(promises.RETURN) == ["Ben"]
    act(repair, by=ben, kind=Kind.BACK)
    assert standing(promises.RETURN) == []


def test_a_rest_without_a_time_reminds_nobody(ana: Partner, ben: Partner) -> None:
    repair = share_repair(by=ana)
    rest(repair, ben)
    assert standing(promises.RETURN) == standing(promises.INVITED) == []
    assert standing(promises.OPEN_LONG) == ["Ana"]


def test_on_the_way_back_each_is_asked_the_next_day(ana: Partner, ben: Partner) -> None:
    repair = share_repair(by=ana)
    mend(repair, ana, ben)
    for each in (ana, ben):
        act(repair, by=each, kind=Kind.SAFE_GETTING)
    assert standing(promises.ON_THE_WAY) == ["Ana", "Ben"]
    due = Reminder.objects.filter(kind=promises.ON_THE_WAY).values_list("due_at", flat=True)
    assert all(each > database_now() for each in due)
    act(repair, by=ana, kind=Kind.SAFE_YES)
    assert standing(promises.ON_THE_WAY) == ["Ben"]


def test_holds_is_asked_of_each_two_days_later(ana: Partner, ben: Partner) -> None:
    repair = share_repair(by=ana)
    mend(repair, ana, ben)
    for each in (ana, ben):
        act(repair, by=each, kind=Kind.SAFE_YES)
    assert standing(promises.HOLDS) == ["Ana", "Ben"]
    then = database_now() + 3 * DAY
    assert wanted(promises.HOLDS, now=database_now()) == []
    assert wanted(promises.HOLDS, now=then) == ["Ana", "Ben"]
    repair.act(by=ana, kind=Kind.HOLDS_NO, client_key=uuid.uuid4(), now=then)
    assert standing(promises.HOLDS) == ["Ben"]


def test_open_for_three_days_is_said_once_and_not_to_who_rests(ana: Partner, ben: Partner) -> None:
    repair = share_repair(by=ana)
    assert standing(promises.OPEN_LONG) == ["Ana", "Ben"]
    assert wanted(promises.OPEN_LONG, now=database_now() + 2 * DAY) == []
    assert wanted(promises.OPEN_LONG, now=database_now() + 4 * DAY) == ["Ana", "Ben"]
    rest(repair, ana)
    assert standing(promises.OPEN_LONG) == ["Ben"]
    Reminder.objects.filter(kind=promises.OPEN_LONG).update(
        settled_at=database_now(), outcome="sent"
    )
    act(repair, by=ana, kind=Kind.BACK)
    assert standing(promises.OPEN_LONG) == []


def test_a_moved_clock_moves_the_hour(ana: Partner, ben: Partner) -> None:
    share_repair(by=ana)
    before = Reminder.objects.get(kind=promises.OPEN_LONG, person=ana.person).due_at
    ana.keep_clock("Asia/Tokyo", now=database_now())
    after = Reminder.objects.get(kind=promises.OPEN_LONG, person=ana.person).due_at
    assert after != before


def test_a_couple_that_has_ended_wants_nothing(ana: Partner, ben: Partner) -> None:
    share_repair(by=ana)
    ana.couple.end()
    assert wanted(promises.INVITED, now=database_now() + DAY) == []


FAR_AWAY = ["Australia/Sydney", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Los_Angeles"]


@pytest.mark.parametrize("zone", FAR_AWAY)
@pytest.mark.parametrize("hour", [5, 12, 20])
def test_wherever_somebody_is_they_are_asked_on_the_couples_day_and_not_before(
    ana: Partner, ben: Partner, zone: str, hour: int
) -> None:
    """In Sydney it is tomorrow already when the other acts in the evening."""
    now = datetime(2026, 6, 16, 12, tzinfo=UTC)
    couple = ana.couple
    couple.day_zone = "America/New_York"
    couple.save()
    ben.keep_clock(zone, now=now)
    ana.couple.refresh_from_db()
    today = couple.today(now)
    then = couple.begins(today - DAY) + timedelta(hours=hour)
    repair = Repair.draft(by=ana, door="i_was_hurt", happened="x", how_much=2)
    repair.invite(by=ana, client_key=uuid.uuid4(), now=then)
    told = Reminder.objects.get(kind=promises.OPEN_LONG, person=ben.person).due_at
    assert couple.today(told) == couple.today(then) + 3 * DAY
    assert told.astimezone(ZoneInfo(zone)).time() == promises.EVENING


def test_the_invitation_to_something_small_stands_until_the_other_takes_a_step(
    ana: Partner, ben: Partner
) -> None:
    repair = Repair.begin(Kind.SMALL, "my part", by=ana, client_key=uuid.uuid4())
    act(repair, by=ana, kind=Kind.CHANGE)
    assert wanted(promises.INVITED, now=database_now()) == ["Ben"]
    act(repair, by=ana, kind=Kind.PART, words="my part, said better")
    assert wanted(promises.INVITED, now=database_now()) == ["Ben"]
    act(repair, by=ben, kind=Kind.NO_PART)
    assert standing(promises.INVITED) == []


def test_what_came_due_while_nobody_wanted_it_does_not_go_out_at_the_first_tap(
    ana: Partner, ben: Partner
) -> None:
    then = database_now() - 5 * DAY
    repair = Repair.draft(by=ana, door="i_was_hurt", happened="x")
    repair.invite(by=ana, client_key=uuid.uuid4(), now=then)
    repair.act(by=ana, kind=Kind.REST, client_key=uuid.uuid4(), now=then)
    back = then + promises.LONG + timedelta(hours=18)
    repair.act(by=ana, kind=Kind.BACK, client_key=uuid.uuid4(), now=back)
    assert standing(promises.OPEN_LONG) == ["Ben"]  # for whom it has stood all the while


def test_an_invitation_set_down_before_it_went_out_goes_out_when_it_is_taken_up_again(
    ana: Partner, ben: Partner
) -> None:
    repair = share_repair(by=ana)
    act(repair, by=ana, kind=Kind.REST)
    assert standing(promises.INVITED) == []
    act(repair, by=ana, kind=Kind.BACK)
    assert standing(promises.INVITED) == ["Ben"]
