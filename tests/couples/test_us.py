"""Us: what the two use stands open, the rest waits folded until it is needed."""

from __future__ import annotations

import uuid

import pytest
from pytest_django import DjangoAssertNumQueries

from couples.models import Partner
from rituals.models import Appreciation, Topic
from tests.conftest import ClientOf
from tests.factories import agree, put_ask, raise_topic, share_repair
from tests.therapists.factories import link_with_consent, make_therapist

MOST = 27
"""Queries with everything in use: each room brings its own."""

FOLD = 'id="more"'
ROOMS = ("Ask first", "Topics", "Appreciations", "Our time", "What we agreed", "Coming back")


def parts(page: str) -> tuple[str, str]:
    """Return what stands open and what is folded."""
    open_ones, _fold, folded = page.partition(FOLD)
    return open_ones, folded


def use_everything(ana: Partner, ben: Partner) -> None:
    """Let the two have something in every room."""
    agree(ana, ben)
    put_ask(by=ben)
    raise_topic(by=ben)
    share_repair(by=ben)
    Appreciation.say("Tea.", by=ben, client_key=uuid.uuid4())
    link_with_consent(make_therapist(name="Dr. Lin"), ana, ben)


def test_at_first_only_the_rhythm_stands_open(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    shown, folded = parts(client_of(ana).get("/us/").content.decode())
    assert "Our rhythm" in shown
    assert "More for the two of you, when you need it" in folded
    for room in ROOMS:
        assert f">{room}</h2>" in folded
        assert f">{room}</h2>" not in shown


ROOM_BY_ROOM = [("Ask first", put_ask), ("Topics", raise_topic), ("Coming back", share_repair)]


@pytest.mark.parametrize(("room", "begin"), ROOM_BY_ROOM)
def test_a_room_stands_open_once_there_is_something_in_it(
    ana: Partner, ben: Partner, client_of: ClientOf, room: str, begin: object
) -> None:
    assert callable(begin)
    begin(by=ben)
    for each in (ana, ben):
        shown, _folded = parts(client_of(each).get("/us/").content.decode())
        assert f">{room}</h2>" in shown


def test_a_draft_of_the_other_unfolds_nothing_here(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    Topic.draft(by=ben, about="concern", words="The bins")
    assert ">Topics</h2>" in parts(client_of(ana).get("/us/").content.decode())[1]
    assert ">Topics</h2>" in parts(client_of(ben).get("/us/").content.decode())[0]


def test_whatever_is_in_use_stands_open(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    use_everything(ana, ben)
    shown, folded = parts(client_of(ana).get("/us/").content.decode())
    for room in ROOMS:
        assert f">{room}</h2>" in shown
        assert f">{room}</h2>" not in folded


@pytest.mark.usefixtures("much_at_once")
def test_us_asks_as_much_of_the_database_however_much_there_is(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    use_everything(ana, ben)
    for number in range(8):
        agree(ana, ben, wording=f"We keep it, number {number}.")
        Appreciation.say("Tea.", by=ben, client_key=uuid.uuid4())
    client = client_of(ana)
    with django_assert_max_num_queries(MOST):
        client.get("/us/")
