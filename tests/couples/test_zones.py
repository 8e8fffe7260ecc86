"""One source of rules for every clock, and zones by any name that browsers and people say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import TZPATH, available_timezones

import pytest
from django.core.checks import run_checks
from django.db import connection
from ruamel.yaml import YAML

from config.servers.supervisor import ROOT
from couples import zone_checks
from couples.days import couple_day, instant
from couples.models import Couple, Partner, Person
from couples.zones import (
    city_of,
    clock_of,
    find,
    in_words,
    is_known,
    near,
    offered,
    present_name,
    same_clock,
    version,
    zones,
)
from tests.conftest import ClientOf
from tests.conventions.trees import of_rooms, trees
from tests.factories import make_person

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)

# --- One source ------------------------------------------------------------------------------

OURS = ["config.settings", "config.wsgi", "config.asgi", "config.celery", "config.servers"]


@pytest.mark.parametrize("door", [*OURS, "manage", "config.servers.prepare"])
def test_every_process_reads_the_pinned_rules_and_never_the_machines(door: str) -> None:
    """Whatever the machine has, and whatever it was told: 2025's files are an hour off by now."""
    asked = f"import {door}, zoneinfo; print(zoneinfo.TZPATH)"
    if door == "manage":
        asked = f"import {door}, django.conf; django.conf.settings.USE_TZ; {asked}"
    told = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONTZPATH": "/usr/share/zoneinfo"}
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT, env={**_environment(), **told}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "()"


def _environment() -> dict[str, str]:
    import os

    return {
        "BASE_URL": "http://localhost:8000",
        "DATABASE_URL": "postgresql://nobody.invalid/none",
        "REDIS_URL": "redis://nobody.invalid",
        "SECRET_KEY": "none",
        "VAULT_KEYS": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        **os.environ,
    }


def test_the_image_and_the_tests_read_them_too() -> None:
    assert TZPATH == ()
    assert re.search(r"^\s+PYTHONTZPATH= \\$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    services = YAML(typ="safe", pure=True).load(ROOT / "docker-compose.yml")["services"]
    assert not [name for name, each in services.items() if "PYTHONTZPATH" in str(each)]


def test_the_rules_are_pinned_for_every_system_and_kept_up() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert re.search(r"^tzdata==[\d.]+ \\$", (ROOT / name).read_text(), re.MULTILINE), name
    compiled = (ROOT / "Makefile").read_text().partition("COMPILE :=")[2]
    assert "--upgrade-package tzdata" in compiled.partition("\n\n")[0]


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("America/Vancouver", -7),  # British Columbia stays there for good
        ("America/Edmonton", -6),
        ("America/Winnipeg", -5),
        ("America/Inuvik", -6),
        ("America/Havana", -4),
        ("Africa/Casablanca", 0),
        ("Europe/Berlin", 1),
        ("America/New_York", -5),
    ],
)
def test_a_winters_evening_is_where_the_newest_rules_put_it(zone: str, hours: int) -> None:
    evening = instant(date(2026, 12, 15), time(18, 30), zone=zone)
    assert evening == datetime(2026, 12, 15, 18, 30, tzinfo=UTC) - timedelta(hours=hours)


def test_half_past_six_in_vancouver_is_stored_as_half_past_one() -> None:
    due = instant(date(2026, 11, 28), time(18, 30), zone="America/Vancouver")
    assert due == datetime(2026, 11, 29, 1, 30, tzinfo=UTC)
    begins = datetime(2026, 11, 28, 11, tzinfo=UTC)
    around = [
        couple_day(at, zone="America/Vancouver", day_start=time(4))
        for at in (begins - timedelta(seconds=1), begins)
    ]
    assert around == [date(2026, 11, 27), date(2026, 11, 28)]


def test_nobody_else_looks_for_a_clock() -> None:
    """`clock_of` knows every name; a `ZoneInfo` of one's own would not."""
    own = {"couples/zones.py", "config/__init__.py"}
    named = {
        path
        for path, tree in of_rooms().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id in {"ZoneInfo", "available_timezones"})
        and not _is_annotation(tree, node)
    }
    assert named <= own


def _is_annotation(tree: ast.AST, name: ast.Name) -> bool:
    return any(isinstance(node, ast.arg) and node.annotation is name for node in ast.walk(tree))


IN_SQL = re.compile(r"AT TIME ZONE (?!'UTC')|timezone\(|current_date|localtime", re.IGNORECASE)
BY_A_CLOCK = {"TruncDate", "TruncTime", "TruncHour", "ExtractHour", "ExtractMinute", "TruncDay"}


def test_no_sql_asks_the_databases_rules() -> None:
    own = {
        "couples/zone_checks.py",  # it compares them
        "bench/many.py",  # rows of its own making, whose day does not matter
    }
    found = {
        path
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and IN_SQL.search(str(node.value)))
        or (isinstance(node, ast.Name) and node.id in BY_A_CLOCK)
    }
    assert {path for path in found if not path.startswith("tests/")} <= own


# --- By any name -----------------------------------------------------------------------------


def test_every_name_there_is_has_a_clock_and_words_and_the_clock_stays_the_same() -> None:
    for name in available_timezones() - {"Factory"}:
        assert is_known(name), name
        assert in_words(name), name
        assert same_clock(name, present_name(name), now=NOW), name
        assert present_name(present_name(name)) == present_name(name), name


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Asia/Calcutta", "Kolkata, India"),
        ("Asia/Kolkata", "Kolkata, India"),
        ("Asia/Saigon", "Ho Chi Minh, Vietnam"),
        ("Asia/Katmandu", "Kathmandu, Nepal"),
        ("Europe/Kiev", "Kyiv, Ukraine"),
        ("US/Pacific", "Los Angeles, United States"),
        ("America/Buenos_Aires", "Buenos Aires, Argentina"),
        ("America/Indianapolis", "Indianapolis, Indiana, United States"),
        ("Atlantic/Faeroe", "Faroe, Faroe Islands"),
        ("Iceland", "Reykjavik, Iceland"),
        ("EST5EDT", "New York, United States"),
        ("Etc/GMT-7", "UTC+7"),
        ("Etc/UTC", "UTC"),
        ("Nowhere/At_All", "UTC"),
        ("", "UTC"),
    ],
)
def test_a_name_is_said_as_a_city(said: str, words: str) -> None:
    assert in_words(said) == words
    assert city_of(said) == words.partition(",")[0]


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Kolkata, India", "Asia/Kolkata"),
        ("Calcutta, India", "Asia/Kolkata"),
        ("calcutta", "Asia/Kolkata"),
        (" kyiv ", "Europe/Kyiv"),
        ("Kiev", "Europe/Kyiv"),
        ("são paulo", "America/Sao_Paulo"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("new york", "America/New_York"),
        ("St. Johns", "America/St_Johns"),
        ("India", "Asia/Kolkata"),
        ("Japan", "Asia/Tokyo"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("US/Pacific", "America/Los_Angeles"),
        ("Etc/GMT-7", "Etc/GMT-7"),
        ("utc", "UTC"),
    ],
)
def test_it_is_found_by_what_people_type(typed: str, zone: str) -> None:
    assert find(typed) == zone


@pytest.mark.parametrize(
    "typed", ["", "  ", "…", "EST", "MST", "Germany", "Pacific", "Xyz", "+01:00"]
)
def test_nothing_is_guessed(typed: str) -> None:
    """EST is not Estonia, and Germany has two."""
    assert find(typed) is None


def test_what_may_be_meant_is_named() -> None:
    assert near("Germany") == ["Europe/Berlin", "Europe/Busingen"]
    assert near("Los Ang") == ["America/Los_Angeles"]
    assert near("Xyz") == []
    assert near("") == []


def test_what_is_offered_is_said_once_and_found_again() -> None:
    words = [said for said, _name in offered()]
    assert len(set(words)) == len(words)
    assert all(find(said) == present_name(name) for said, name in offered())
    assert not [said for said in words if "_" in said or "GMT" in said]
    assert set(zones()) == {present_name(name) for _said, name in offered()}


# --- Where a zone enters ---------------------------------------------------------------------

ASKS = "Please name a city whose clock is yours."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "zone"),
    [("Asia/Calcutta", "Asia/Kolkata"), ("Calcutta, India", "Asia/Kolkata"), ("UTC", "UTC")],
)
def test_a_couple_begins_by_the_clock_that_was_said(
    client_of: ClientOf, said: str, zone: str
) -> None:
    ida = Person.objects.create_user("ida@example.com")
    client_of(ida).post("/start/", {"name": "Ida", "day_zone": said})
    ida.refresh_from_db()
    assert ida.time_zone == zone
    assert Couple.objects.get(partners__person=ida).day_zone == zone


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("", ASKS),
        ("Germany", "Which of these is it: “Berlin, Germany” or “Busingen, Germany”?"),
        ("Mars/Olympus", "Please name a larger city whose clock shows the same time."),
    ],
)
def test_who_does_not_say_is_asked_and_nobody_is_on_utc_unseen(
    client_of: ClientOf, said: str, answer: str
) -> None:
    ida = Person.objects.create_user("ida@example.com")
    page = client_of(ida).get("/start/").content.decode()
    assert re.search(r'<input type="text" name="day_zone" (?![^>]*value)[^>]*list="(\w+)"', page)
    told = client_of(ida).post("/start/", {"name": "Ida", "day_zone": said})
    assert told.status_code == 422
    assert answer in told.content.decode()
    assert not Couple.objects.exists()


def test_a_row_with_an_old_name_or_one_nobody_knows_draws_every_page(
    ana: Partner, client_of: ClientOf
) -> None:
    for zone, shown in [("Asia/Calcutta", "Kolkata, India"), ("Nowhere/At_All", ""), ("", "")]:
        Person.objects.filter(pk=ana.person_id).update(time_zone=zone)
        Couple.objects.filter(pk=ana.couple_id).update(day_zone=zone)
        for page in ("/", "/us/", "/me/", "/rituals/", "/rituals/days/", "/repairs/", "/our-time/"):
            assert client_of(ana).get(page).status_code == 200, (zone, page)
        mine = client_of(ana).get("/me/").content.decode()
        value = re.search(r'name="time_zone"(?: value="([^"]*)")?', mine)
        assert value
        assert (value[1] or "") == shown


def test_who_joins_with_a_name_but_no_clock_is_asked_for_it(cleo: Person) -> None:
    from couples.forms import JoinForm

    assert set(JoinForm(person=cleo).fields) == set()
    cleo.time_zone = ""
    assert set(JoinForm(person=cleo).fields) == {"time_zone"}


# --- What a start says -----------------------------------------------------------------------


def test_old_rules_are_said() -> None:
    year = int(version()[:4])
    assert not zone_checks.are_old(today=date(year, 12, 31))
    assert not zone_checks.are_old(today=date(year + 1, 3, 1))
    assert zone_checks.are_old(today=date(year + 1, 5, 1))
    assert version() in zone_checks.rules_in_words()


@pytest.mark.django_db
def test_a_database_with_other_rules_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told that Vancouver is Berlin, it must notice that the database thinks otherwise."""
    assert zone_checks.disagreeing(["Asia/Kolkata", "UTC"], alias="default", now=NOW) == []
    monkeypatch.setattr(zone_checks, "clock_of", lambda _zone: clock_of("Europe/Berlin"))
    assert zone_checks.disagreeing(["Europe/Berlin", "Asia/Kolkata"], alias="default", now=NOW) == [
        "Asia/Kolkata"
    ]


@pytest.mark.django_db
def test_zones_in_use_that_nobody_knows_are_said() -> None:
    make_person(name="Ida", zone="Nowhere/At_All")
    make_person(name="Noa", zone="Asia/Calcutta")
    said = {each.id: each for each in run_checks(databases=[connection.alias])}
    assert said["couples.I002"].hint == "Nowhere/At_All."
