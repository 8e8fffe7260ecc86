"""The one reminder that is on at the start: of the greeting, once there are two to say hi."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from couples.clock import database_now
from couples.models import Couple, Invitation, Partner, Person, Reminder
from rituals.days.models.reminder_time import GREETING_AT, KIND
from rituals.models import ReminderTime
from tests.conftest import ClientOf
from tests.factories import fresh, greeting_of, make_couple, make_person


def clocks() -> dict[str | None, tuple[time, datetime]]:
    """Return what stands, by name: the hour on the person's own clock, and the instant."""
    standing = Reminder.objects.standing().filter(kind=KIND).select_related("person")
    return {
        each.person.name: (
            each.due_at.astimezone(ZoneInfo(each.person.time_zone)).time(),
            each.due_at,
        )
        for each in standing
    }


@pytest.mark.django_db
def test_both_are_reminded_of_the_greeting_each_by_their_own_clock() -> None:
    kai = make_person(name="Kai", zone="Asia/Tokyo")
    make_couple(first=make_person(name="Ana"), second=kai, zone="Europe/Berlin")
    found = clocks()
    assert {name: clock for name, (clock, _due) in found.items()} == {
        "Ana": GREETING_AT,
        "Kai": GREETING_AT,
    }
    assert found["Ana"][1] != found["Kai"][1]
    assert all(due > database_now() for _clock, due in found.values())
    assert ReminderTime.objects.count() == 2


def test_whoever_waits_alone_is_not_reminded_of_a_hello_nobody_hears(cleo: Person) -> None:
    starter = Couple.start(by=cleo, day_zone="Europe/Berlin")
    assert clocks() == {}
    Invitation.make(by=starter).accept(by=make_person(name="Ben"))
    assert set(clocks()) == {"Cleo", "Ben"}


def test_a_time_they_set_while_they_waited_stays(cleo: Person) -> None:
    starter = fresh(Couple.start(by=cleo, day_zone="Europe/Berlin"))
    ReminderTime.keep(ritual=greeting_of(starter), by=starter, at=time(8))
    Invitation.make(by=starter).accept(by=make_person(name="Ben"))
    assert {name: clock for name, (clock, _due) in clocks().items()} == {
        "Cleo": time(8),
        "Ben": GREETING_AT,
    }


def test_whoever_leaves_an_empty_couple_for_another_takes_no_reminder_along(cleo: Person) -> None:
    starter = fresh(Couple.start(by=cleo, day_zone="Europe/Berlin"))
    ReminderTime.keep(ritual=greeting_of(starter), by=starter, at=time(8))
    other = Couple.start(by=make_person(name="Ben"), day_zone="Europe/Berlin")
    place = Invitation.make(by=other).accept(by=cleo)
    standing = Reminder.objects.standing().filter(person=cleo)
    assert [each.couple_id for each in standing] == [place.couple_id]


def test_it_can_be_changed_and_taken_away(ana: Partner, client_of: ClientOf) -> None:
    ritual = greeting_of(ana)
    url, field = f"/rituals/{ritual.pk}/time/", f"r{ritual.pk.hex[:8]}-at"
    client = client_of(ana)
    assert 'value="18:30"' in client.get("/rituals/").content.decode()
    client.post(url, {field: "20:00"})
    assert clocks()["Ana"][0] == time(20)
    client.post(url, {field: ""})
    assert set(clocks()) == {"Ben"}


def test_when_the_couple_ends_nothing_of_it_stands(ana: Partner, others: tuple[Partner]) -> None:
    ana.couple.end()
    assert set(clocks()) == {"Kim", "Jo"}
