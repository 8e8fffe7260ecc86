"""A word about today, the weeks it makes, and the principle about a third."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from couples.clock import database_now
from couples.models import Partner, Third, ThirdMoment
from couples.thirds.flow import finished_weeks
from couples.thirds.models.third import MOST
from tests.conftest import ClientOf
from tests.factories import agree, crowd_in, name_third

HTMX = {"HX-Request": "true"}
LIST = "/us/thirds/"


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def main(client: Client, url: str) -> str:
    return text(client, url).split("<main")[1].split("<footer")[0]


def url_of(third: Third) -> str:
    return f"{LIST}{third.pk}/"


def tap(partner: Partner, came: str, was: str = "") -> dict[str, str]:
    today = partner.couple.today(database_now())
    return {"came": came, "was": was, "day": today.isoformat()}


# --- A word about today --------------------------------------------------------------------------


def test_a_word_can_be_changed_and_taken_back_the_same_day(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third, hers = name_third(by=ben), client_of(ana)
    url = f"{url_of(third)}moments/"
    assert 'aria-pressed="true"' in hers.post(url, tap(ana, "we"), headers=HTMX).content.decode()
    assert ThirdMoment.objects.get().came == "we"
    assert hers.post(url, tap(ana, "this", was="we")).status_code == 302
    assert ThirdMoment.objects.get().came == "this"
    gone = hers.post(url, tap(ana, "", was="this"), headers=HTMX).content.decode()
    assert 'aria-pressed="true"' not in gone
    assert not ThirdMoment.objects.exists()


def test_a_repeated_tap_is_harmless_and_a_late_one_undoes_nothing(
    ana: Partner, client_of: ClientOf
) -> None:
    third, hers = name_third(by=ana), client_of(ana)
    url = f"{url_of(third)}moments/"
    for _tap in range(2):
        assert hers.post(url, tap(ana, "we")).status_code == 302
    hers.post(url, tap(ana, "this", was="we"))
    late = hers.post(url, tap(ana, "we"))
    assert late.status_code == 422
    assert "This is how it stands now." in late.content.decode()
    assert ThirdMoment.objects.get().came == "this"


@pytest.mark.parametrize("days", [-7, -1, 1])
def test_only_today_can_be_told(ana: Partner, client_of: ClientOf, days: int) -> None:
    third = name_third(by=ana)
    day = ana.couple.today(database_now()) + timedelta(days=days)
    late = {"came": "we", "was": "", "day": day.isoformat()}
    answer = client_of(ana).post(f"{url_of(third)}moments/", late, headers=HTMX)
    assert answer.status_code == 422
    assert "This is today." in answer.content.decode()
    assert not ThirdMoment.objects.exists()


def test_the_other_learns_nothing_of_a_word(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third = name_third(by=ana)
    urls = ("/us/", LIST, url_of(third))
    before = [_without_tokens(main(client_of(ben), url)) for url in urls]
    client_of(ana).post(f"{url_of(third)}moments/", tap(ana, "this"))
    assert [_without_tokens(main(client_of(ben), url)) for url in urls] == before


def test_a_word_tells_no_phone_and_is_no_sign_of_life(
    ana: Partner, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    third = name_third(by=ana)
    Partner.objects.update(active_on=None)
    now = database_now()
    with django_capture_on_commit_callbacks() as told:
        ThirdMoment.say(third, by=ana, came="this", was="", day=ana.couple.today(now), now=now)
    assert told == []
    with django_capture_on_commit_callbacks() as told:
        third.let_go(by=ana)
    assert len(told) == 1
    assert not Partner.objects.exclude(active_on=None).exists()


def _without_tokens(html: str) -> str:
    pieces = html.split('name="csrfmiddlewaretoken" value="')
    return pieces[0] + "".join(each.partition('"')[2] for each in pieces[1:])


# --- Weeks ---------------------------------------------------------------------------------------


def test_both_are_told_one_sentence_when_it_crowds_in(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third = name_third(by=ana, label="The late shift")
    crowd_in(third, by=ben)
    for reader in (ana, ben):
        for url in ("/us/", LIST, url_of(third)):
            page = text(client_of(reader), url)
            assert "The late shift came first in 3 of the last 4 weeks." in page
        assert "Make a plan for it together" in text(client_of(reader), url_of(third))


def test_two_weeks_are_no_sentence(ana: Partner, client_of: ClientOf) -> None:
    third = name_third(by=ana)
    crowd_in(third, by=ana, weeks=2)
    page = text(client_of(ana), url_of(third))
    assert "of the last 4 weeks" not in page
    assert "It came first in 2 of 2 weeks." in page
    assert "Make a plan" not in page


def test_no_page_lists_a_day(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    third = name_third(by=ana)
    crowd_in(third, by=ben)
    for monday in finished_weeks(ana.couple.today(database_now()), 4):
        for url in (LIST, url_of(third)):
            page = main(client_of(ana), url)
            assert monday.isoformat() not in page
            assert f"{monday.day} {monday:%B}" not in page


# --- The principle about it ----------------------------------------------------------------------


def test_one_of_our_principles_can_be_about_it(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third, version = name_third(by=ana), agree(ana, ben, wording="We let work end at the door.")
    url = f"{url_of(third)}principles/"
    chosen = {"principle": str(version.agreement_id)}
    assert client_of(ben).post(url, chosen).status_code == 302
    shown = text(client_of(ana), url_of(third)).split("What we agreed about it")[1]
    assert "We let work end at the door." in shown
    assert "In force until" in shown
    version.withdraw(by=ben)
    assert "Not in force." in text(client_of(ana), url_of(third))
    assert client_of(ana).post(url, {"principle": ""}).status_code == 302
    third.refresh_from_db()
    assert third.principle_id is None


def test_a_principle_of_another_couple_is_no_choice(
    ana: Partner, others: tuple[Partner, Partner], client_of: ClientOf
) -> None:
    third, foreign = name_third(by=ana), agree(*others)
    url = f"{url_of(third)}principles/"
    answer = client_of(ana).post(url, {"principle": str(foreign.agreement_id)})
    assert answer.status_code == 422
    third.refresh_from_db()
    assert third.principle_id is None


# --- Queries -------------------------------------------------------------------------------------


@pytest.fixture
def filled(ana: Partner, ben: Partner, much_at_once: None) -> Third:
    """A couple with as many thirds as there can be, all with a past."""
    for number in range(MOST - 1):
        crowd_in(name_third(by=ana, label=f"Number {number}"), by=ben)
    third = name_third(by=ana, label="The late shift")
    crowd_in(third, by=ben)
    for number in range(30):
        agree(ana, ben, wording=f"We keep number {number}.")
    third.keep_principle(ana.couple.agreements.all()[0], by=ana)
    return third


@pytest.mark.parametrize(("url", "most"), [(LIST, 6), ("", 11)])
def test_a_page_asks_as_many_queries_however_long_the_history(
    ana: Partner,
    filled: Third,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    url: str,
    most: int,
) -> None:
    hers = client_of(ana)
    with django_assert_max_num_queries(most):
        assert hers.get(url or url_of(filled)).status_code == 200
