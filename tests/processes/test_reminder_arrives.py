"""A ritual falls due: beat, worker, PostgreSQL, Redis and a mail server, all real."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from couples.clock import database_now
from couples.models import Partner, Reminder
from rituals.models import ReminderTime
from tests.factories import greeting_of, mark
from tests.processes.conftest import Start
from tests.processes.running import MailSink
from tests.waiting import eventually

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

WITHIN = 90.0  # seconds, of which the processes take some to start and the beat ten a tick


def remind(partner: Partner, *, seconds: int) -> Reminder:
    """Set the partner's time for the greeting to so many seconds from now."""
    zone = ZoneInfo(partner.person.time_zone)
    at = (database_now() + timedelta(seconds=seconds)).astimezone(zone).time()
    ReminderTime.keep(ritual=greeting_of(partner), by=partner, at=at)
    return Reminder.objects.standing().get(person=partner.person)


def settled(*reminders: Reminder) -> bool:
    """True when none of these promises stands any more."""
    keys = [reminder.pk for reminder in reminders]
    return not Reminder.objects.standing().filter(pk__in=keys).exists()


def outcome(reminder: Reminder) -> str:
    return Reminder.objects.get(pk=reminder.pk).outcome


def test_a_ritual_that_falls_due_brings_one_mail_and_one_already_marked_none(
    ana: Partner, ben: Partner, others: tuple[Partner, Partner], start: Start, mail: MailSink
) -> None:
    # Nobody here is reminded at the hour at which all begin: it may be that hour now.
    ReminderTime.objects.all().delete()
    Reminder.objects.all().delete()
    due, done = remind(ana, seconds=8), remind(ben, seconds=8)
    mark(by=ben)
    assert outcome(done) == "dropped"
    # A promise that was left standing although its day is marked: the source is asked again.
    Reminder.objects.filter(pk=done.pk).update(settled_at=None, outcome="")
    for name in ("worker", "beat"):
        start(name)
    eventually(lambda: settled(due, done), within=WITHIN, what="both promises are settled")

    # Whatever would come twice has come by the time of somebody else's later reminder.
    later = remind(others[0], seconds=8)
    eventually(lambda: settled(later), within=WITHIN, what="the later promise is settled")
    assert mail.recipients() == [ana.person.email, others[0].person.email]
    assert (outcome(due), outcome(done), outcome(later)) == ("sent", "dropped", "sent")

    # The day after is promised, and the mail said nothing about anybody.
    following = Reminder.objects.standing().get(person=ana.person)
    assert following.occasion > due.occasion
    assert not any(name in mail.arrived()[0].as_string() for name in ("Ana", "Ben"))
