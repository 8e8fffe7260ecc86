"""A published scale: offered once its wording is there, answered every four weeks, for oneself."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from couples.clock import database_now
from couples.models import Couple, Partner
from couples.paging import ARCHIVE
from rituals.felt.scales import Definition
from rituals.models import Measure, MeasureRefused, ScaleWording
from tests.conftest import ClientOf
from tests.factories import fresh, mark, weeks_before
from tests.sheets import offer

URL = "/us/felt/csi-4/"


def answers(*numbers: int) -> dict[str, str]:
    given = {f"item_{number}": str(each) for number, each in enumerate(numbers, start=1)}
    return {**given, "client_key": str(uuid.uuid4())}


def take(
    wording: ScaleWording, *numbers: int, by: Partner, weeks_ago: int = 0, key: str = ""
) -> Measure:
    now = weeks_before(by, weeks_ago)
    tap = uuid.UUID(key) if key else uuid.uuid4()
    return Measure.take(wording, numbers, by=by, client_key=tap, now=now)


def text(client: Client, url: str = URL) -> str:
    return client.get(url).content.decode()


def test_a_scale_without_its_wording_is_offered_nowhere(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    assert client.get(URL).status_code == 404
    assert client.post(URL, answers(6, 5, 5, 5)).status_code == 404
    assert "CSI" not in text(client, "/us/felt/")
    offer()
    assert "CSI-4" in text(client, "/us/felt/")
    assert "CSI-16" not in text(client, "/us/felt/")
    assert client.get("/us/felt/csi-16/").status_code == 404


def test_it_is_answered_and_seen_by_oneself_alone(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    offer()
    mine, theirs = client_of(ana), client_of(ben)
    before = [len(text(theirs, url)) for url in (URL, "/us/felt/", "/us/", "/")]
    page = mine.post(URL, answers(3, 2, 2, 2), follow=True).content.decode()
    assert "9 of 21" in page
    assert "Below 13.5, the authors of the scale speak of notable distress." in page
    assert "It comes again on" in page
    assert "of 21" not in text(theirs)
    assert [len(text(theirs, url)) for url in (URL, "/us/felt/", "/us/", "/")] == before


def test_at_the_line_and_above_nothing_is_said_of_distress(
    ana: Partner, client_of: ClientOf
) -> None:
    offer()
    page = client_of(ana).post(URL, answers(5, 3, 3, 3), follow=True).content.decode()
    assert "14 of 21" in page
    assert "draw a line at 13.5; this is not below it" in page
    assert "distress" not in page


def test_what_is_missing_is_asked_for_and_the_rest_is_kept(
    ana: Partner, client_of: ClientOf
) -> None:
    offer()
    posted = answers(6, 5, 5)
    answer = client_of(ana).post(URL, posted)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Please choose one of these." in page
    assert page.count("checked") == 3
    assert client_of(ana).post(URL, answers(7, 5, 5, 5)).status_code == 422
    assert not Measure.objects.exists()


def test_it_comes_again_after_four_weeks_and_no_sooner(ana: Partner, client_of: ClientOf) -> None:
    wording = offer()
    take(wording, 1, 1, 1, 1, by=ana, weeks_ago=3)
    with pytest.raises(MeasureRefused, match="It comes again on"):
        take(wording, 2, 2, 2, 2, by=ana)
    refused = client_of(ana).post(URL, answers(2, 2, 2, 2))
    assert refused.status_code == 422
    assert "It comes again on" in refused.content.decode()
    Measure.objects.update(taken_on=ana.couple.today(database_now()) - timedelta(days=28))
    take(wording, 2, 2, 2, 2, by=ana)
    assert Measure.objects.count() == 2


def test_a_tap_sent_again_changes_nothing(ana: Partner) -> None:
    wording, key = offer(), str(uuid.uuid4())
    first = take(wording, 1, 1, 1, 1, by=ana, key=key)
    assert take(wording, 1, 1, 1, 1, by=ana, key=key) == first


def test_both_answer_each_for_themselves(ana: Partner, ben: Partner) -> None:
    wording = offer()
    take(wording, 1, 1, 1, 1, by=ana)
    take(wording, 5, 5, 5, 5, by=ben)
    assert {each.sum for each in Measure.objects.select_related("partner__person__key")} == {4, 20}


def test_nobody_is_told(
    ana: Partner,
    ben: Partner,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    wording = offer()
    with django_capture_on_commit_callbacks() as told:
        take(wording, 1, 1, 1, 1, by=fresh(ana))
    assert not told
    assert Couple.objects.get().last_active_on is None
    with django_capture_on_commit_callbacks() as told:
        mark(by=ana)  # whereas a mark is told, and seen here
    assert told


def test_a_result_is_thrown_away_by_its_owner_alone(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made = take(offer(), 1, 1, 1, 1, by=ana)
    url = f"/us/felt/{made.pk}/removal/"
    assert client_of(ben).post(url).status_code == 404
    assert "It is gone." in client_of(ana).post(url, follow=True).content.decode()
    assert not Measure.objects.exists()


def test_a_replaced_wording_keeps_the_results(ana: Partner, client_of: ClientOf) -> None:
    take(offer(), 3, 3, 3, 3, by=ana)
    offer()
    assert "12 of 21" in text(client_of(ana))


def test_the_page_asks_a_fixed_number_of_queries(
    ana: Partner, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    wording = offer()
    offer("csi-16")
    for number in range(30):
        take(wording, 1, 2, 3, 4, by=ana, weeks_ago=4 * (31 - number))
    client = client_of(ana)
    with django_assert_max_num_queries(5):
        page = text(client)
    assert page.count("of 21") == ARCHIVE


def test_every_result_can_be_seen_and_thrown_away(ana: Partner, client_of: ClientOf) -> None:
    wording, client = offer(), client_of(ana)
    made = [take(wording, 1, 2, 3, 4, by=ana, weeks_ago=4 * (21 - n)) for n in range(20)]
    url, seen = URL, []
    while url:
        page = text(client, url)
        assert "It comes again on" not in page  # the last was four weeks ago: it is open
        assert "Keep, for me alone" in page
        seen += re.findall(r"/us/felt/([0-9a-f-]{36})/removal/", page)
        more = re.search(r'href="(\?after=[^"]+)"', page)
        url = f"{URL}{more[1]}" if more else ""
    assert seen == [str(each.pk) for each in reversed(made)]
    client.post(f"/us/felt/{seen[-1]}/removal/")
    assert not Measure.objects.filter(pk=seen[-1]).exists()


def test_the_last_of_a_page_is_compared_with_the_one_before_it(
    ana: Partner, client_of: ClientOf
) -> None:
    wording = offer()
    for n, each in enumerate([0, *[3] * ARCHIVE]):
        take(wording, *[each] * 4, by=ana, weeks_ago=4 * (ARCHIVE + 1 - n))
    with patch.object(
        Definition, "reliably_changed", lambda _scale, before, after: before != after
    ):
        assert text(client_of(ana)).count("a larger change than chance alone") == 1
