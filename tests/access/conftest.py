"""One world for all requests of a module; each request is undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from couples.days import week_of
from couples.models import Couple
from rituals import cards
from rituals.good_days import views as good_days
from rituals.good_days.models import Question
from tests.access.people import World, build, undone


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Everybody, built once; nothing of it is committed."""
    with django_db_blocker.unblock(), undone():
        yield build()


@pytest.fixture(scope="module")
def client_for_all() -> Client:
    """A browser that answers with status 500 where a server would."""
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def a_question_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask ana what went well, whatever week it is and whichever couple this is."""

    def asked(_couple: Couple, day: date) -> Question:
        return Question(week=week_of(day), seat=1, since=week_of(day), words="What went well?")

    for module in (cards, good_days):
        monkeypatch.setattr(module, "question_of", asked)
