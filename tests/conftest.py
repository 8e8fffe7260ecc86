"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import hypothesis
import pytest
from django.test import Client
from pytest_django import Settings

from couples.days import couple_day
from couples.models import Partner, Person
from tests.factories import make_couple, make_person, without_brakes
from tests.waiting import eventually

ClientOf = Callable[[Person | Partner], Client]


# How long an example takes says nothing on a machine that others use as well.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

LONGEST = timedelta(minutes=2)
"""How long a test may take."""

DATABASE = {"db", "transactional_db", "django_db_setup"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make check` leaves out: the walls, and whatever needs the database."""
    for item in items:
        if "access" in item.path.relative_to(item.config.rootpath).parts:
            item.add_marker(pytest.mark.walls)
        asks = DATABASE & set(getattr(item, "fixturenames", ()))
        if asks or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin no test whose couple would have another day before it ends."""
    if item.get_closest_marker("database"):
        within = 2 * LONGEST.total_seconds()
        eventually(_the_day_stays, within=within, what="the couples have a new day")


def _the_day_stays() -> bool:
    now = datetime.now(UTC)
    days = {couple_day(at, zone="Europe/Berlin", day_start=time(4)) for at in (now, now + LONGEST)}
    return len(days) == 1


@pytest.fixture(scope="session")
def no_static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty folder: tests without a browser fetch no style sheets."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings, no_static_files: Path) -> None:
    """Name static files as they lie in the tree; the manifest belongs to a collected copy."""
    settings.STATIC_ROOT = no_static_files
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}


@pytest.fixture(autouse=True)
def unhurried_sign_in(settings: Settings) -> None:
    """Lift allauth's limits: they live in the cache, and some tests share their database."""
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def much_at_once() -> Iterator[None]:
    """Lift the brakes, for a test that fills everything in one moment and is about another rule."""
    with without_brakes():
        yield


@pytest.fixture(autouse=True)
def no_seconds_on_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages that are compared byte for byte not say how many seconds their day still has."""
    monkeypatch.setattr("couples.context.seconds_left", lambda _couple, _now: 3600)


@pytest.fixture
def couple(db: None) -> tuple[Partner, Partner]:
    """Return ana's and ben's places in their couple."""
    return make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))


@pytest.fixture
def ana(couple: tuple[Partner, Partner]) -> Partner:
    return couple[0]


@pytest.fixture
def ben(couple: tuple[Partner, Partner]) -> Partner:
    return couple[1]


@pytest.fixture
def cleo(db: None) -> Person:
    """An outsider: signed up, in no couple."""
    return make_person(name="Cleo")


@pytest.fixture
def others(db: None) -> tuple[Partner, Partner]:
    """Another couple, which nobody else may ever see."""
    return make_couple(first=make_person(name="Kim"), second=make_person(name="Jo"))


@pytest.fixture
def client_of() -> ClientOf:
    """Return a browser that is signed in as somebody."""

    def signed_in(who: Person | Partner) -> Client:
        client = Client()
        client.force_login(who.person if isinstance(who, Partner) else who)
        return client

    return signed_in
