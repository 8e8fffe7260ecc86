"""What somebody chose, their quiet hours, and how many messages a day hold."""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from couples.clock import database_now
from couples.delivery.claim import tick
from couples.delivery.models.preference import Way
from couples.delivery.notification_policy import A_DAY, quiet_until
from couples.delivery.sources import source_of
from couples.delivery.unsubscribe import end, off_link
from couples.models import Partner, Person, Preference, Reminder
from couples.zones import zones
from repairs.models import promises
from tests.conftest import ClientOf
from tests.factories import fresh

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
NIGHT = datetime(2026, 6, 10, 22, tzinfo=UTC)
RITUAL, INVITED = "ritual", promises.INVITED


@pytest.fixture(autouse=True)
def all_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every source still wants its promise: what is tried here comes after that question."""
    for name in ("repairs.reminders.Invited", "repairs.reminders._Source"):
        monkeypatch.setattr(f"{name}.wanted", lambda *_, **__: True)
    monkeypatch.setattr("rituals.days.reminders.RitualReminders.wanted", lambda *_, **__: True)


def promise(person: Person, kind: str = INVITED, *, due: datetime = NOON) -> uuid.UUID:
    subject = uuid.uuid4()
    Reminder.promise(
        person=person,
        couple=None,
        kind=kind,
        subject=subject,
        occasion="once",
        due_at=due,
        useful_until=due + timedelta(days=2),
    )
    return subject


def sent() -> int:
    return Reminder.objects.filter(outcome="sent").count()


@pytest.mark.django_db
def test_what_the_app_starts_waits_for_the_end_of_quiet_hours(ana: Partner) -> None:
    person = ana.person
    person.time_zone = "UTC"
    person.save()
    promise(person, due=NIGHT)
    for at, count in (
        (NIGHT, 0),
        (NIGHT + timedelta(hours=9), 0),
        (NIGHT.replace(day=11, hour=7), 0),
    ):
        tick(now=at)
        assert sent() == count
    tick(now=datetime(2026, 6, 11, 7, 31, tzinfo=UTC))
    assert sent() == 1


@pytest.mark.django_db
def test_a_time_somebody_set_passes_quiet_hours(ana: Partner) -> None:
    ana.person.time_zone = "UTC"
    ana.person.save()
    promise(ana.person, RITUAL, due=NIGHT)
    tick(now=NIGHT)
    assert sent() == 1


@pytest.mark.django_db
def test_the_app_starts_three_a_day_and_the_fourth_waits(ana: Partner) -> None:
    ana.person.time_zone = "UTC"
    ana.person.save()
    # Of one kind they would be one message.
    kinds = [INVITED, promises.OPEN_LONG, promises.HOLDS, promises.ON_THE_WAY]
    assert len(kinds) == A_DAY + 1
    for kind in kinds:
        Preference.choose(ana.person, kind, Way.EMAIL)
        promise(ana.person, kind)
    promise(ana.person, RITUAL)
    tick(now=NOON)
    assert sent() == A_DAY + 1  # the one they set themselves among them
    tick(now=NOON + timedelta(hours=8))
    assert sent() == A_DAY + 1
    tick(now=datetime(2026, 6, 11, 7, 31, tzinfo=UTC))
    assert sent() == A_DAY + 2


@pytest.mark.django_db
def test_what_one_device_showed_and_another_refused_counts(ana: Partner) -> None:
    ana.person.time_zone = "UTC"
    ana.person.save()
    for _each in range(A_DAY):
        subject = promise(ana.person)
        reminder = Reminder.objects.get(subject=subject)
        reminder.deliveries.create(
            channel="push",
            attempt=1,
            stage="failed",
            began_at=NOON,
            reached=[uuid.uuid4()],
            fence=1,
        )
        Reminder.objects.filter(pk=reminder.pk).update(outcome="sent", settled_at=NOON)
    promise(ana.person)
    tick(now=NOON)
    assert sent() == A_DAY


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "begins"), [(INVITED, 1), (promises.HOLDS, 0)])
def test_somebody_who_has_not_chosen_is_told_of_what_is_on_at_the_start(
    ana: Partner, kind: str, begins: int
) -> None:
    promise(ana.person, kind)
    tick(now=NOON)
    assert sent() == begins


@pytest.mark.django_db
def test_not_at_all_drops_what_waits_already(ana: Partner) -> None:
    promise(ana.person)
    Preference.choose(ana.person, INVITED, Way.NONE)
    tick(now=NOON)
    assert Reminder.objects.get(kind=INVITED).outcome == "dropped"


@pytest.mark.django_db
def test_one_click_in_a_mail_ends_its_kind_and_no_other(
    ana: Partner, ben: Partner, client: Client
) -> None:
    promise(ana.person)
    tick(now=NOON)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>")
    path = "/" + address.split("/", 3)[3]
    assert client.get(path).status_code == 200
    assert not Preference.objects.exists()  # a scanner that follows links ends nothing
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert [str(each) for each in Preference.objects.all()] == ["repair_invited none"]
    assert Preference.objects.get().person == ana.person
    assert "Ana" not in answer.content.decode()


@pytest.mark.django_db
def test_whoever_reads_the_mail_does_not_learn_which_kind_it_was(
    ana: Partner, client: Client
) -> None:
    """The other may own the mailbox; neither the address nor its page says what was set."""
    pages, addresses = set(), []
    for kind in (INVITED, promises.RETURN, "pulse"):
        reminder = Reminder(person=ana.person, kind=kind)
        address = off_link(reminder)
        of = address.partition("?of=")[2]
        plain = urlsafe_b64decode(of + "=" * (-len(of) % 4))
        assert kind.encode() not in plain
        assert ana.person.pk.bytes not in plain
        addresses.append(len(address))
        page = client.get("/" + address.split("/", 3)[3])
        pages.add(page.content.partition(b"<main")[2].partition(b"</main>")[0])
        ended = client.post("/" + address.split("/", 3)[3]).content.decode()
        assert str(source_of(kind).about) not in page.content.decode() + ended  # type: ignore[union-attr]
    assert len(set(addresses)) == 1
    assert len(pages) == 1
    assert Preference.of(ana.person) == dict.fromkeys([INVITED, promises.RETURN, "pulse"], Way.NONE)


@pytest.mark.django_db
def test_what_was_ended_from_a_mail_stays_ended_when_an_older_page_is_kept(
    ana: Partner, client_of: ClientOf
) -> None:
    client = client_of(ana)
    form = client.get("/me/reminders/").context["form"]
    chosen = {each.html_name: each.initial for each in form}
    shown = {f"initial-{name}": way for name, way in chosen.items() if not name.startswith("quiet")}
    end(off_link(Reminder(person=ana.person, kind=INVITED)).partition("?of=")[2])
    client.post("/me/reminders/", {**chosen, **shown, "quiet_from": "22:00"})
    assert Preference.of(ana.person) == {INVITED: Way.NONE}


@pytest.mark.django_db
def test_who_ends_their_quiet_hours_hears_at_once_of_what_waits(
    ana: Partner, client_of: ClientOf
) -> None:
    now = database_now()
    clock = now.astimezone(UTC).time()
    Person.objects.filter(pk=ana.person.pk).update(
        time_zone="UTC",
        quiet_from=clock.replace(second=0, microsecond=0),
        quiet_until=(now + timedelta(hours=3)).time().replace(second=0, microsecond=0),
    )
    promise(ana.person, due=now)
    tick()
    assert sent() == 0
    client = client_of(ana)
    chosen = {e.html_name: e.initial for e in client.get("/me/reminders/").context["form"]}
    client.post("/me/reminders/", {**chosen, "quiet_from": "05:00", "quiet_until": "05:00"})
    tick()
    assert sent() == 1


@pytest.mark.django_db
def test_who_moves_to_another_clock_hears_at_once_of_what_waited_by_the_old_one(
    ana: Partner,
) -> None:
    now = database_now()
    night = (now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time()
    Person.objects.filter(pk=ana.person.pk).update(
        time_zone="UTC", quiet_from=night[0], quiet_until=night[1]
    )
    promise(ana.person, due=now)
    # Their greeting is promised at half past six, which may have gone by where they move.
    ana.ritual_times.all().delete()
    tick()
    assert sent() == 0
    fresh(ana).keep_clock("Asia/Tokyo", now=now)
    tick()
    assert sent() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("of", ["", "x", "ä", "WyJ4Il0:1:2", "AAAA" * 30])
def test_an_address_that_is_not_whole_ends_nothing(client: Client, of: str) -> None:
    assert client.post(f"/reminders/off/?of={of}").status_code == 422
    assert not Preference.objects.exists()


@pytest.mark.django_db
def test_what_was_chosen_is_kept_and_shown(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    page = client.get("/me/reminders/")
    chosen = {each.html_name: each.initial for each in page.context["form"]}
    assert chosen[INVITED] == "email"
    assert chosen[promises.HOLDS] == "none"
    posted = {**chosen, INVITED: "none", "quiet_from": "22:00", "quiet_until": "06:00"}
    assert client.post("/me/reminders/", posted).status_code == 302
    again = {each.html_name: each.initial for each in client.get("/me/reminders/").context["form"]}
    assert (again[INVITED], again["quiet_from"]) == ("none", time(22))


@pytest.mark.django_db
def test_send_me_one_now_says_what_became_of_it(ana: Partner, client_of: ClientOf) -> None:
    page = client_of(ana).post("/me/reminders/now/", follow=True).content.decode()
    assert "The mail server has taken it." in page
    assert mail.outbox[0].to == [ana.person.email]


@pytest.mark.django_db
def test_send_me_one_now_does_not_pretend(
    ana: Partner, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_post: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("couples.delivery.mail.Post.greet", away)
    page = client_of(ana).post("/me/reminders/now/", follow=True).content.decode()
    assert "could not be reached. Nothing was sent." in page


CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(
    seconds=st.integers(0, 3 * 366 * 86_400),
    zone=st.sampled_from(zones()),
    begins=CLOCKS,
    ends=CLOCKS,
)
def test_quiet_hours_end_within_a_day_in_every_zone(
    seconds: int, zone: str, begins: time, ends: time
) -> None:
    now = NOON + timedelta(seconds=seconds)
    person = Person(time_zone=zone, quiet_from=begins, quiet_until=ends)
    until = quiet_until(person, now=now)
    if begins == ends:
        assert until is None
    elif until is not None:
        assert now < until <= now + timedelta(hours=26)
