"""A phone that shows another time than its owner chose: asked once, for their eyes alone."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime, time

import pytest
from django.test import Client

from config.servers.supervisor import ROOT
from couples.models import Couple, Partner, Person
from rituals.days.models.reminder_time import KIND
from rituals.models import ReminderTime
from tests.conftest import ClientOf
from tests.conventions.trees import called_name, of_rooms
from tests.factories import fresh, greeting_of

TOKYO = "Your phone shows the time of Tokyo"
NOWHERE = "Which clock is yours?"


def says(client: Client, zone: str, hours: int = 24) -> bool:
    """Say a phone's clock; True when Today is drawn anew."""
    said = f"{zone} {'true' if hours == 12 else 'false'}"
    return client.post("/me/clock/phone/", {"clock": said}).status_code == 202


def today(client: Client) -> str:
    return client.get("/").content.decode()


def test_a_phone_elsewhere_is_asked_about_and_nothing_moves_unasked(
    ana: Partner, client_of: ClientOf
) -> None:
    client = client_of(ana)
    assert TOKYO not in today(client)
    assert says(client, "Asia/Tokyo")
    page = today(client)
    assert TOKYO in page
    assert "Your reminders follow Berlin." in page
    assert "Move to Tokyo" in page
    assert "Keep Berlin" in page
    assert Person.objects.get(pk=ana.person_id).time_zone == "Europe/Berlin"


def test_moving_takes_every_reminder_along(ana: Partner, client_of: ClientOf) -> None:
    ReminderTime.keep(ritual=greeting_of(ana), by=ana, at=time(18, 30))
    client = client_of(ana)
    says(client, "Asia/Tokyo")
    page = client.post("/me/clock/moves/", {"zone": "Asia/Tokyo"}, follow=True).content.decode()
    assert "Your reminders follow the clock of Tokyo now." in page
    assert TOKYO not in page
    (due,) = ana.person.reminders.filter(kind=KIND, settled_at=None).values_list(
        "due_at", flat=True
    )
    assert due.astimezone(UTC).time() == time(9, 30)


def test_keeping_is_remembered_for_that_clock_by_any_name_on_any_device(
    ana: Partner, client_of: ClientOf
) -> None:
    client = client_of(ana)
    says(client, "Asia/Tokyo")
    assert (
        TOKYO
        not in client.post(
            "/me/clock/keepings/", {"zone": "Asia/Tokyo"}, follow=True
        ).content.decode()
    )
    assert says(client, "America/New_York")
    assert "the time of New York" in today(client)
    client.post("/me/clock/keepings/", {"zone": "America/New_York"})
    for zone in ("Asia/Tokyo", "Japan", "Asia/Seoul", "US/Eastern", "America/Toronto"):
        for each in (client, client_of(ana)):
            says(each, zone)
            assert "Your phone shows" not in today(each), zone
    assert Person.objects.get(pk=ana.person_id).time_zone == "Europe/Berlin"


@pytest.mark.parametrize(
    "zone",
    ["Europe/Berlin", "Europe/Vienna", "Europe/Busingen", "UTC", "Mars/Olympus", "", "undefined"],
)
def test_the_same_clock_and_one_that_nobody_knows_ask_nothing(
    ana: Partner, client_of: ClientOf, zone: str
) -> None:
    client = client_of(ana)
    says(client, zone)
    assert "Your phone shows" not in today(client)
    assert NOWHERE not in today(client)


def test_an_old_name_is_no_other_place(ana: Partner, client_of: ClientOf) -> None:
    Person.objects.filter(pk=ana.person_id).update(time_zone="Asia/Kolkata")
    client = client_of(ana)
    says(client, "Asia/Calcutta")
    assert "Your phone shows" not in today(client)


def test_the_other_is_told_nothing_and_sees_nothing(
    ana: Partner, ben: Partner, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(Couple, "publish", lambda *about: told.append(about))
    before, active = today(client_of(ben)), fresh(ana).active_on
    client = client_of(ana)
    says(client, "Asia/Tokyo")
    assert TOKYO not in today(client_of(ben))
    client.post("/me/clock/keepings/", {"zone": "America/New_York"})
    client.post("/me/clock/moves/", {"zone": "Asia/Tokyo"})
    assert told == []
    assert fresh(ana).active_on == active
    assert _bare(today(client_of(ben))) == _bare(before)


def _bare(page: str) -> list[str]:
    """A page without what is new with each request."""
    return [line for line in page.splitlines() if "csrf" not in line and "client_key" not in line]


def test_where_a_phone_was_is_sealed_and_forgotten_when_the_clock_moves(ana: Partner) -> None:
    ana.person.keep_clock_in("Asia/Tokyo")
    raw = Person.objects.filter(pk=ana.person_id).extra(select={"raw": "kept_clock::text"})
    assert "Tokyo" not in str(raw.values_list("raw", flat=True)[0])
    fresh(ana).keep_clock("Asia/Seoul", now=datetime.now(UTC))
    assert fresh(ana).person.kept_clock_in() == []


@pytest.mark.parametrize("zone", ["UTC", "", "Nowhere/At_All"])
def test_who_never_said_where_they_are_is_asked_also_without_a_script(
    ana: Partner, client_of: ClientOf, zone: str
) -> None:
    Person.objects.filter(pk=ana.person_id).update(time_zone=zone)
    client = client_of(ana)
    page = today(client)
    assert NOWHERE in page
    assert "/me/#about" in page
    assert NOWHERE not in client.post("/me/clock/keepings/", follow=True).content.decode()
    says(client, "Asia/Tokyo")
    assert TOKYO in today(client)


def test_a_phone_says_its_clock_once(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    assert 'name="clock" value=""' in today(client)
    assert says(client, "Asia/Tokyo")
    assert not says(client, "Asia/Tokyo")
    assert 'name="clock" value="Asia/Tokyo false"' in today(client)
    assert not says(client, "x" * 5000)


# --- One form of clock times -----------------------------------------------------------------


def test_every_time_is_said_as_the_phone_counts_the_hours(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ReminderTime.keep(ritual=greeting_of(ana), by=ana, at=time(18, 30))
    client = client_of(ana)
    shown = {
        12: ("6:30 p.m.", "4 a.m."),
        24: ("18:30", "04:00"),
    }
    for hours, (at, begins) in shown.items():
        says(client, "Europe/Berlin", hours)
        assert at in client.get("/me/reminders/").content.decode()
        assert begins in client.get("/rituals/").content.decode()
    assert "4 a.m." in client_of(ben).get("/rituals/").content.decode()  # by the language's habit


DATES = re.compile(r"\|date:[\"']([^\"']*)[\"']")
HOURS = set("aAfgGhHiPsu")


def test_no_template_and_no_other_code_forms_a_clock_time() -> None:
    """A `|date` of days alone may stand; letters that show hours or minutes may not."""
    texts = {path: path.read_text() for path in (ROOT / "templates").rglob("*.*")}
    assert not [path for path, text in texts.items() if "|time" in text or "{% now" in text]
    shapes = {shape for text in texts.values() for shape in DATES.findall(text)}
    assert shapes
    assert not [shape for shape in shapes if HOURS & set(shape)]
    forming = {
        path
        for path, tree in of_rooms().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            called_name(node) in {"time_format", "strftime"}
            or (called_name(node) == "date_format" and _shows_hours(node))
        )
    }
    assert forming == {"couples/clock_time.py"}


def _shows_hours(call: ast.Call) -> bool:
    return any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and HOURS & set(each.value)
        for each in call.args[1:]
    )
