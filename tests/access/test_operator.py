"""The operator's page: numbers and ids, one thing to do, and nobody's words."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from couples.clock import database_now
from couples.models import Delivery, Person, Reminder, Watch
from tests.access.people import session_of
from tests.factories import PASSWORD, make_person

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
REMINDERS = "/operator/couples/reminder/"


def promised(person: Person, **columns: Any) -> Reminder:
    """Return a promise, of which everything can be said."""
    now = database_now()
    times = {"due_at": now - DAY / 24, "useful_until": now + DAY}
    about = {"kind": "ritual", "subject": uuid.uuid4(), "occasion": "2026-11-23"}
    return Reminder.objects.create(person=person, **{**about, **times, **columns})


def failed(person: Person, **columns: Any) -> Reminder:
    return promised(person, settled_at=database_now(), outcome="failed", **columns)


@pytest.fixture
def dora(db: None) -> Person:
    """Somebody to whom promises are made."""
    return make_person(name="Dorothea", email="dora.smith@example.com")


@pytest.fixture
def operator(client: Client, settings: Settings) -> Client:
    """The browser of an operator."""
    person = Person.objects.create_superuser("olga@example.com", PASSWORD)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person, factor=True)
    return client


def shown(operator: Client, url: str = "/operator/") -> str:
    answer = operator.get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


# --- What it shows ---------------------------------------------------------------------------


def test_it_counts_what_is_due_and_what_became_of_the_rest(operator: Client, dora: Person) -> None:
    now = database_now()
    promised(dora)
    promised(dora, lease_until=now + DAY)
    promised(dora, due_at=now + DAY / 2)
    for age in (DAY / 2, 3 * DAY, 8 * DAY):
        promised(dora, settled_at=now - age, outcome="sent")
    made = {"channel": "push", "attempt": 1, "fence": 1, "began_at": now - 2 * DAY}
    Delivery.objects.create(reminder=failed(dora), stage="failed", ended_at=now - 2 * DAY, **made)
    figures = operator.get("/operator/").context["figures"]
    assert (figures.due, figures.held, figures.standing) == (1, 1, 3)
    counted = {row.name: (row.day, row.week) for row in figures.outcomes}
    assert counted == {
        "Sent": (1, 2),
        "Dropped": (0, 0),
        "Lapsed": (0, 0),
        "Failed": (1, 1),
        "Ambiguous": (0, 0),
        "Told": (0, 0),
    }
    attempts = {
        channel: [(row.name, row.day, row.week) for row in rows if row.week]
        for channel, rows in figures.attempts.items()
    }
    assert attempts == {"Email": [], "Push": [("Failed", 0, 1)]}


def test_it_says_how_long_the_worker_has_been_silent(operator: Client) -> None:
    Watch.objects.create(seen_at=database_now() - timedelta(seconds=40))
    page = shown(operator)
    assert re.search(r"4\d s ago", page)


def test_it_says_so_when_redis_does_not_answer(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("couples.live.publisher.Line.listeners", lambda _line: None)
    assert "Redis does not answer" in shown(operator)


@pytest.mark.parametrize("state", ["", "?state=due", "?state=standing", "?state=failed"])
def test_a_person_is_an_id(operator: Client, dora: Person, state: str) -> None:
    due, broken = promised(dora), failed(dora)
    Delivery.objects.create(
        reminder=broken,
        channel="email",
        attempt=1,
        fence=1,
        began_at=database_now(),
        error="SMTPDataError 554",
    )
    pages = [
        shown(operator),
        shown(operator, f"{REMINDERS}{state}"),
        shown(operator, "/operator/couples/delivery/"),
        *(shown(operator, f"{REMINDERS}{each.pk}/change/") for each in (due, broken)),
        shown(operator, f"/operator/couples/delivery/{broken.deliveries.get().pk}/change/"),
    ]
    assert str(dora.pk) in pages[1]
    assert "SMTPDataError 554" in pages[4]
    for page in pages:
        for kept in ("dora.smith", "Dorothea", "olga@example.com", "/person/"):
            assert kept not in page


def test_a_state_shows_those_in_it(operator: Client, dora: Person) -> None:
    due, later = promised(dora), promised(dora, due_at=database_now() + DAY / 2)
    broken = failed(dora)
    every = {due, later, broken}
    for state, those in {"due": {due}, "standing": {due, later}, "failed": {broken}}.items():
        page = shown(operator, f"{REMINDERS}?state={state}")
        assert {each for each in every if str(each.pk) in page} == those


@pytest.mark.parametrize(
    "url", ["/operator/", REMINDERS, "/operator/couples/delivery/", "a reminder"]
)
def test_it_asks_as_often_with_much_as_with_little(
    operator: Client, dora: Person, url: str
) -> None:
    def fill() -> Reminder:
        made = failed(dora)
        for attempt in (1, 2, 3):
            columns = {"channel": "email", "fence": 1, "began_at": database_now()}
            Delivery.objects.create(reminder=made, attempt=attempt, **columns)
        return made

    first = fill()
    url = f"{REMINDERS}{first.pk}/change/" if url == "a reminder" else url
    asked = []
    for _round in range(2):
        operator.get(url)
        with CaptureQueriesContext(connection) as queries:
            shown(operator, url)
        asked.append([query["sql"] for query in queries])
        for _more in range(10):
            fill()
        for attempt in range(4, 20):
            columns = {"channel": "email", "fence": 1, "began_at": database_now()}
            Delivery.objects.create(reminder=first, attempt=attempt + _round * 20, **columns)
    assert len(asked[0]) == len(asked[1]), "\n".join(asked[1])
    assert len(asked[1]) <= 12, "\n".join(asked[1])


# --- What can be done ------------------------------------------------------------------------


def try_again(operator: Client, *reminders: Reminder) -> str:
    """Choose these in the list and ask for them to be tried again; return what is said then."""
    keys = [str(each.pk) for each in reminders]
    posted = {"action": "try_again", "_selected_action": keys}
    return str(operator.post(REMINDERS, posted, follow=True).content.decode())


def test_failed_promises_are_put_back_and_who_did_it_is_kept(
    operator: Client, dora: Person
) -> None:
    one, two = failed(dora), failed(dora)
    assert "2 will be tried again" in try_again(operator, one, two)
    assert set(Reminder.objects.standing()) == {one, two}
    entries = LogEntry.objects.values_list("object_id", "user__email", "change_message")
    assert set(entries) == {(str(each.pk), "olga@example.com", "put back") for each in (one, two)}


def test_whatever_cannot_be_tried_again_stays_and_is_told(operator: Client, dora: Person) -> None:
    now = database_now()
    over = failed(dora, due_at=now - 2 * DAY, useful_until=now - DAY)
    gone = promised(dora, settled_at=now, outcome="sent")
    doubtful = promised(dora, settled_at=now, outcome="ambiguous")
    said = try_again(operator, over, gone, doubtful)
    assert "3 stay as they are" in said
    assert "will be tried again" not in said
    assert not Reminder.objects.standing().exists()


def test_rows_that_are_none_are_refused_plainly(operator: Client) -> None:
    posted = {"action": "try_again", "_selected_action": ["x' OR 1=1"]}
    assert operator.post(REMINDERS, posted).status_code == 400


@pytest.mark.parametrize("what", ["add", "delete", "history", "login", "logout", "password_change"])
def test_there_is_no_other_page(operator: Client, dora: Person, what: str) -> None:
    due = promised(dora)
    for url in (f"/operator/{what}/", f"{REMINDERS}{what}/", f"{REMINDERS}{due.pk}/{what}/"):
        assert operator.get(url).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{what}")


def test_nothing_is_changed_by_posting_to_a_row(operator: Client, dora: Person) -> None:
    due = promised(dora)
    url = f"{REMINDERS}{due.pk}/change/"
    assert operator.post(url, {"outcome": "sent", "kind": "x"}).status_code == 405
    assert Reminder.objects.get() == due


# --- Who comes in ----------------------------------------------------------------------------


def test_a_way_back_leads_from_the_second_factor(client: Client, settings: Settings) -> None:
    person = Person.objects.create_superuser("olga@example.com", PASSWORD)
    session_of(person, factor=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person, factor=False)
    assert client.get(REMINDERS)["Location"] == (
        f"{reverse('mfa_reauthenticate')}?next=%2Foperator%2Fcouples%2Freminder%2F"
    )


def sign_in(client: Client, person: Person) -> str:
    """Sign in by password, and return where that leads."""
    posted = {"login": person.email, "password": PASSWORD}
    return str(client.post(reverse("account_login"), posted)["Location"])


def test_somebody_who_signed_up_is_appointed_and_dismissed(client: Client, dora: Person) -> None:
    sign_in(client, dora)
    assert client.get("/operator/").status_code == 404
    call_command("appoint_operator", dora.email.upper())
    assert client.get("/operator/")["Location"] == reverse("mfa_index")
    call_command("appoint_operator", dora.email, end=True)
    assert client.get("/operator/").status_code == 404


def test_nobody_is_appointed_without_a_login(db: None) -> None:
    with pytest.raises(CommandError, match="has no login here"):
        call_command("appoint_operator", "nobody@example.com")


def test_a_superuser_made_by_django_has_to_prove_the_address_first(
    client: Client, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, email="olga@example.com")
    person = Person.objects.get(email="olga@example.com")
    assert sign_in(client, person) == reverse("account_email_verification_sent")
    assert [mail.to for mail in mailoutbox] == [["olga@example.com"]]
    assert client.get("/operator/").status_code == 404
