"""Our time and the weekly pulse: once a week for those who chose them, and not once it is done."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from couples.days import DAY, week_of
from couples.delivery.claim import tick
from couples.delivery.models.preference import Way
from couples.delivery.sources import source_of
from couples.models import Couple, Delivery, Invitation, Partner, Person, Preference, Reminder
from couples.zones import zones
from rituals.days.models.design import choose_weekdays
from rituals.models import Pulse, RestRange, add_ritual, end_ritual, take_up
from rituals.models.weekly import OurTime, PulseWeek
from tests.conftest import ClientOf
from tests.factories import begin_meeting, fresh, make_person, turn_on

NOON = datetime(2026, 12, 1, 11, tzinfo=UTC)  # Tuesday, 12:00 in Berlin
MONDAY, NEXT_MONDAY = date(2026, 11, 30), date(2026, 12, 7)
SUNDAY = MONDAY + 6 * DAY
WED = 0b0000100
KINDS = [OurTime.kind, PulseWeek.kind]
WEEK = 7 * DAY


@pytest.fixture(autouse=True)
def neither_is_silent(couple: tuple[Partner, Partner]) -> None:
    """Both were here the day before, whenever this test runs."""
    couple[0].couple.partners.update(active_on=NOON.date() - DAY)


def standing(kind: str) -> list[tuple[str | None, str, datetime]]:
    """Return what stands: who would be told, for which week, when."""
    found = Reminder.objects.standing().filter(kind=kind).select_related("person")
    return [(each.person.name, each.occasion, each.due_at) for each in found]


def weeks(kind: str) -> list[str]:
    return [week for _name, week, _due in standing(kind)]


def wanted(kind: str, *, now: datetime) -> bool:
    source = source_of(kind)
    assert source is not None
    return source.wanted(Reminder.objects.standing().get(kind=kind), now=now)


def answer(by: Partner, *, now: datetime = NOON) -> None:
    Pulse.answer((5, 4, 6), by=by, week=week_of(by.couple.today(now)), now=now)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_told_who_has_not_chosen_it(ana: Partner, kind: str) -> None:
    begin_meeting(by=ana, now=NOON)
    answer(ana)
    RestRange.enter(by=ana, first=NOON.date(), last=NOON.date(), now=NOON)
    ana.keep_clock("Asia/Tokyo", now=NOON)
    assert standing(kind) == []


@pytest.mark.parametrize(("kind", "hour"), [(OurTime.kind, 17), (PulseWeek.kind, 10)])
def test_it_comes_on_sunday_by_ones_own_clock(ana: Partner, kind: str, hour: int) -> None:
    turn_on(kind, by=ana, now=NOON)
    due = datetime(2026, 12, 6, hour, tzinfo=UTC)
    assert standing(kind) == [("Ana", MONDAY.isoformat(), due)]
    ends = Reminder.objects.get(kind=kind).useful_until
    assert ends == datetime(2026, 12, 7, 3, tzinfo=UTC)  # 04:00: the couple's Sunday is over


@pytest.mark.parametrize("kind", KINDS)
def test_chosen_on_the_page_it_is_planned_and_turned_off_nothing_follows(
    ana: Partner, client_of: ClientOf, kind: str
) -> None:
    client = client_of(ana)
    form = client.get("/me/reminders/").context["form"]
    chosen = {each.html_name: each.value() for each in form}
    assert chosen[kind] == "none"
    assert client.post("/me/reminders/", {**chosen, kind: "email"}).status_code == 302
    promise = Reminder.objects.standing().get(kind=kind)
    assert client.post("/me/reminders/", {**chosen, kind: "none"}).status_code == 302
    tick(now=promise.due_at)
    assert standing(kind) == []
    assert mail.outbox == []


@pytest.mark.parametrize("kind", KINDS)
def test_sent_once_it_comes_again_the_week_after(ana: Partner, kind: str) -> None:
    turn_on(kind, by=ana, now=NOON)
    due = Reminder.objects.get(kind=kind).due_at
    tick(now=due)
    tick(now=due + timedelta(minutes=1))
    assert len(mail.outbox) == 1
    assert weeks(kind) == [NEXT_MONDAY.isoformat()]


def test_our_time_had_this_week_is_not_reminded_of(ana: Partner, ben: Partner) -> None:
    for each in (ana, ben):
        turn_on(OurTime.kind, by=each, now=NOON)
    begin_meeting(by=ana, now=NOON)
    assert weeks(OurTime.kind) == [NEXT_MONDAY.isoformat()] * 2


def test_our_time_had_is_asked_again_at_claim(ana: Partner) -> None:
    turn_on(OurTime.kind, by=ana, now=NOON)
    due = Reminder.objects.get(kind=OurTime.kind).due_at
    assert not wanted(OurTime.kind, now=NOON)
    assert wanted(OurTime.kind, now=due)
    ana.couple.meetings.create(
        began_at=NOON, began_on=NOON.date(), moved_at=NOON, client_key=ana.pk, ended_on=NOON.date()
    )
    assert not wanted(OurTime.kind, now=due)


def test_our_time_follows_the_day_of_a_weekly_time_together(ana: Partner, ben: Partner) -> None:
    turn_on(OurTime.kind, by=ana, now=NOON)
    ours = add_ritual(by=ana, kind="weekly", weekdays=WED, now=NOON)
    assert [due.date() for *_, due in standing(OurTime.kind)] == [SUNDAY]
    take_up(ours, by=ben, now=NOON)
    assert [due.date() for *_, due in standing(OurTime.kind)] == [date(2026, 12, 2)]
    choose_weekdays(ours, by=ana, weekdays=WED << 1, start=NOON.date(), now=NOON)
    assert [due.date() for *_, due in standing(OurTime.kind)] == [date(2026, 12, 3)]
    end_ritual(ours, by=ana, now=NOON)
    assert [due.date() for *_, due in standing(OurTime.kind)] == [SUNDAY]
    add_ritual(by=ana, kind="own", name="Tea", weekdays=WED, now=NOON)
    assert [due.date() for *_, due in standing(OurTime.kind)] == [SUNDAY]


def test_our_time_is_for_two_who_are_there(ana: Partner, ben: Partner) -> None:
    turn_on(OurTime.kind, by=ana, now=NOON)
    due = Reminder.objects.get(kind=OurTime.kind).due_at
    Partner.objects.filter(pk=ben.pk).update(
        active_on=due.date() - 14 * DAY, joined_at=NOON - 60 * DAY
    )
    assert not wanted(OurTime.kind, now=due)
    Partner.objects.filter(pk=ben.pk).update(active_on=due.date() - 13 * DAY)
    assert wanted(OurTime.kind, now=due)


def test_a_week_i_have_answered_is_not_reminded_of(ana: Partner) -> None:
    turn_on(PulseWeek.kind, by=ana, now=NOON)
    answer(ana)
    assert weeks(PulseWeek.kind) == [NEXT_MONDAY.isoformat()]
    due = Reminder.objects.standing().get(kind=PulseWeek.kind).due_at
    assert wanted(PulseWeek.kind, now=due)
    ana.pulses.update(week=NEXT_MONDAY)
    assert not wanted(PulseWeek.kind, now=due)


def test_the_pulse_tells_nothing_about_the_other(ana: Partner, ben: Partner) -> None:
    turn_on(PulseWeek.kind, by=ana, now=NOON)
    before = list(Reminder.objects.filter(person=ana.person).values())
    answer(ben)
    ben.pulses.get().share(by=ben, revision=1, now=NOON)
    assert list(Reminder.objects.filter(person=ana.person).values()) == before
    due = Reminder.objects.get(kind=PulseWeek.kind).due_at
    Partner.objects.filter(pk=ben.pk).update(active_on=None, joined_at=NOON - 60 * DAY)
    assert wanted(PulseWeek.kind, now=due)  # nor whether they have gone silent


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_comes_during_a_rest(ana: Partner, kind: str) -> None:
    turn_on(kind, by=ana, now=NOON)
    due = Reminder.objects.get(kind=kind).due_at
    made = RestRange.enter(by=ana, first=SUNDAY - DAY, last=SUNDAY + 25 * DAY, now=NOON)
    assert weeks(kind) == ["2026-12-28"]
    assert [due.date() for *_, due in standing(kind)] == [date(2027, 1, 3)]
    made.end(by=ana, now=NOON)
    assert wanted(kind, now=due)
    RestRange.objects.create(
        couple=ana.couple, by=ana, first_day=SUNDAY, last_day=SUNDAY, made_at=NOON
    )
    assert not wanted(kind, now=due)


@pytest.mark.parametrize("kind", KINDS)
def test_a_clock_that_moves_every_day_brings_one_a_week(
    ana: Partner, ben: Partner, kind: str
) -> None:
    turn_on(kind, by=ana, now=NOON)
    places = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Tokyo", "Europe/Berlin"]
    for hour in range(0, 6 * 7 * 24, 5):
        now = NOON + hour * timedelta(hours=1)
        ana.couple.partners.update(active_on=now.date())
        fresh(ana).keep_clock(places[hour // 25 % 4], now=now)
        tick(now=now)
    sent = Reminder.objects.filter(kind=kind, outcome="sent")
    told = sorted(sent.values_list("occasion", flat=True))
    assert told == [(MONDAY + n * WEEK).isoformat() for n in range(len(told))]
    assert len(told) >= 5
    assert Delivery.objects.filter(reminder__kind=kind).count() == len(told)
    assert len(standing(kind)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_after_the_couple_has_ended_nothing_stands_and_nothing_follows(
    ana: Partner, kind: str
) -> None:
    turn_on(kind, by=ana, now=NOON)
    promise = Reminder.objects.get(kind=kind)
    ana.couple.end(now=NOON)
    assert standing(kind) == []
    source = source_of(kind)
    assert source is not None
    assert not source.wanted(promise, now=promise.due_at)
    source.follow(promise, now=promise.due_at)
    assert standing(kind) == []


def test_a_clock_put_past_the_hour_brings_it_at_once(ana: Partner) -> None:
    turn_on(OurTime.kind, by=ana, now=NOON)
    hour_before = Reminder.objects.get(kind=OurTime.kind).due_at - timedelta(hours=1)
    fresh(ana).keep_clock("Europe/Kyiv", now=hour_before + timedelta(minutes=1))
    assert weeks(OurTime.kind) == [MONDAY.isoformat()]
    tick(now=hour_before + timedelta(minutes=1))
    assert weeks(OurTime.kind) == [NEXT_MONDAY.isoformat()]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_waits_for_a_mail_server_is_not_overtaken(ana: Partner, kind: str) -> None:
    turn_on(kind, by=ana, now=NOON)
    late = Reminder.objects.get(kind=kind).due_at + timedelta(minutes=20)
    fresh(ana).keep_clock("Europe/Paris", now=late)
    assert weeks(kind) == [MONDAY.isoformat()]


@pytest.mark.parametrize("kind", KINDS)
def test_turned_off_in_a_mail_it_stays_off(ana: Partner, kind: str) -> None:
    turn_on(kind, by=ana, now=NOON)
    Preference.choose(ana.person, kind, Way.NONE)
    begin_meeting(by=ana, now=NOON)
    answer(ana)
    tick(now=SUNDAY_NIGHT)
    assert standing(kind) == []


SUNDAY_NIGHT = datetime(2026, 12, 6, 20, tzinfo=UTC)


@given(
    days=st.integers(0, 3 * 366),
    zone=st.sampled_from(zones()),
    theirs=st.sampled_from(zones()),
    begins=st.integers(0, 23),
    of=st.sampled_from([OurTime, PulseWeek]),
)
def test_in_every_zone_it_falls_on_the_couples_day_at_ones_own_hour(
    days: int, zone: str, theirs: str, begins: int, of: type[OurTime | PulseWeek]
) -> None:
    couple = Couple(day_zone=theirs, day_start=time(begins))
    me = of(Partner(couple=couple, person=Person(time_zone=zone)))
    day = MONDAY + days * DAY
    due, ends = me.due_on(day), me.end_of(day)
    assert timedelta(hours=4) <= ends - due <= timedelta(hours=30)
    assert week_of(couple.today(due)) in {week_of(day), week_of(day - DAY)}
    local = due.astimezone(ZoneInfo(zone))
    moved = local.utcoffset() != (local - timedelta(hours=3)).utcoffset()
    assert moved or local.time() == of.at
    assert due < me.due_on(day + WEEK)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_chosen_while_alone_comes_once_there_are_two(cleo: Person, kind: str) -> None:
    """The couple they waited in ends, and its promises with it; what they chose does not."""
    turn_on(kind, by=fresh(Couple.start(by=cleo, day_zone="Europe/Berlin")))
    other = Couple.start(by=make_person(name="Noa"), day_zone="Europe/Berlin")
    place = Invitation.make(by=other).accept(by=cleo)
    stands = Reminder.objects.standing().filter(kind=kind, person=cleo)
    assert [each.couple_id for each in stands] == [place.couple_id]
