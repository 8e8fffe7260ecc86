"""The weekly pulse: mine until both share, and nothing tells whether the other has answered."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from couples.clock import database_now
from couples.days import week_of
from couples.models import Couple, Partner, Person
from rituals.felt.page import seen
from rituals.models import Pulse, PulseRefused
from tests.conftest import ClientOf
from tests.factories import answer_week, fresh

HTMX = {"HX-Request": "true"}
THIS = {"came_first": "5", "bring_up": "4", "came_back": "6"}
WHERE_IT_COULD_SHOW = ["/", "/us/", "/us/felt/", "/us/felt/weeks/", "/us/felt/pulse/", "/me/"]


def monday(partner: Partner) -> date:
    return week_of(partner.couple.today(database_now()))


def post(client: Client, partner: Partner, **answers: str) -> str:
    posted = {**THIS, "week": monday(partner).isoformat(), **answers}
    return client.post("/us/felt/pulse/", posted, follow=True).content.decode()


def share(client: Client, pulse: Pulse, **posted: object) -> str:
    posted.setdefault("revision", pulse.revision)
    return client.post(f"/us/felt/{pulse.pk}/sharings/", posted, follow=True).content.decode()


def received(client: Client) -> list[bytes]:
    """Return everything that the places where it could show send, without one-time tokens."""
    answers = [
        client.get(url, headers=headers) for url in WHERE_IT_COULD_SHOW for headers in ({}, HTMX)
    ]
    return [plain(answer) for answer in answers]


def plain(answer: Any) -> bytes:
    # Tokens, keys of taps and ids of one's own are random, whatever the page shows.
    sent: bytes = answer.serialize()
    return re.sub(rb'"[0-9a-zA-Z]{64}"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', b"", sent)


# --- One's own -------------------------------------------------------------------------------


def test_three_answers_are_kept_and_can_be_changed(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    assert "Kept, for you alone." in post(client, ana)
    post(client, ana, came_first="0")
    kept = Pulse.objects.get()
    assert (kept.values, kept.revision, kept.shared_on) == ((0, 4, 6), 2, None)


def test_the_same_tap_again_changes_nothing(ana: Partner, client_of: ClientOf) -> None:
    for _tap in range(3):
        post(client_of(ana), ana)
    assert Pulse.objects.get().revision == 1


def test_what_is_missing_is_asked_for_and_what_was_chosen_is_kept(
    ana: Partner, client_of: ClientOf
) -> None:
    posted = {"week": monday(ana).isoformat(), "came_first": "5", "bring_up": "7"}
    answer = client_of(ana).post("/us/felt/pulse/", posted)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Please choose one of these.") == 2
    assert re.search(r'name="came_first" value="5"[^>]*checked', page)
    assert not Pulse.objects.exists()


@pytest.mark.parametrize("weeks", [-1, 1])
def test_a_page_of_another_week_is_refused_and_keeps_what_was_chosen(
    ana: Partner, client_of: ClientOf, weeks: int
) -> None:
    then = monday(ana) + timedelta(weeks=weeks)
    answer = client_of(ana).post("/us/felt/pulse/", {**THIS, "week": then.isoformat()})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A new week has begun" in page
    assert f'name="week" value="{monday(ana)}"' in page
    assert page.count("checked") == 3


@pytest.mark.parametrize("answers", [(1, 2), (1, 2, 3, 4), (7, 0, 0), (-1, 0, 0)])
def test_only_three_numbers_from_0_to_6_are_kept(ana: Partner, answers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="three numbers"):
        Pulse.answer(answers, by=ana, week=monday(ana))


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2027-01-04T02:59+00:00", date(2026, 12, 28)),  # 03:59 on the wall: still Sunday
        ("2027-01-04T03:00+00:00", date(2027, 1, 4)),
        ("2026-12-31T23:30+00:00", date(2026, 12, 28)),  # one week over the turn of the year
        ("2026-03-29T23:00+00:00", date(2026, 3, 23)),  # the night of the lost hour
        ("2026-03-30T02:00+00:00", date(2026, 3, 30)),
        ("2026-10-26T02:59+00:00", date(2026, 10, 19)),  # and of the hour that came twice
    ],
)
def test_a_week_is_the_couples_own(ana: Partner, now: str, week: date) -> None:
    made = Pulse.answer((1, 2, 3), by=ana, week=week, now=datetime.fromisoformat(now))
    assert made.week == week


def test_a_late_day_start_keeps_monday_morning_in_the_old_week(ana: Partner) -> None:
    ana.couple.day_start = ana.couple.day_start.replace(hour=11)
    early = datetime.fromisoformat("2026-11-23T09:59+00:00")
    Pulse.answer((1, 2, 3), by=ana, week=date(2026, 11, 16), now=early)
    with pytest.raises(PulseRefused):
        Pulse.answer((1, 2, 3), by=ana, week=date(2026, 11, 23), now=early)


def test_a_week_begins_on_monday_in_the_database_too(ana: Partner) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Pulse.objects.create(
            couple=ana.couple, partner=ana, week=date(2026, 11, 24), answers="1 2 3"
        )


# --- Sharing ---------------------------------------------------------------------------------


def test_a_week_opens_once_both_have_shared(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    mine, theirs = client_of(ana), client_of(ben)
    hers, his = answer_week(by=ana, answers=(0, 1, 0)), answer_week(by=ben, answers=(6, 6, 5))
    assert "It opens once you both have" in share(mine, hers)
    for client, name in ((mine, "Ben"), (theirs, "Ana")):
        assert f'class="number">{name}' not in client.get("/us/felt/").content.decode()
    assert "You have both shared this week." in share(theirs, his)
    for client, name in ((mine, "Ben"), (theirs, "Ana")):
        page = client.get("/us/felt/").content.decode()
        assert f'class="number">{name}' in page
        assert "0 · 1 · 0" in page
        assert "6 · 6 · 5" in page


def test_unanswered_unshared_and_shared_look_alike_to_the_other_byte_for_byte(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    """Whatever ben does short of opening the week, ana is sent the same bytes."""
    client = client_of(ana)
    for shared in (None, False, True):
        if shared is not None:
            mine = Pulse.objects.filter(partner=ana).first() or answer_week(by=ana)
            if shared:
                mine.share(by=ana, revision=mine.revision)
        before, posts = received(client), told_by_posts(client, ana)
        his = answer_week(by=ben, answers=(1, 2, 3))
        assert (received(client), told_by_posts(client, ana)) == (before, posts)
        if not shared:  # with ana's it would open
            his.share(by=ben, revision=his.revision)
            assert (received(client), told_by_posts(client, ana)) == (before, posts)
        Pulse.objects.filter(partner=ben).delete()


def told_by_posts(client: Client, partner: Partner) -> list[bytes]:
    """Return what every tap answers, each undone again."""
    taps: list[tuple[str, dict[str, str]]] = [
        ("/us/felt/pulse/", {}),
        ("/us/felt/pulse/", {**THIS, "week": monday(partner).isoformat(), "came_first": "2"}),
    ]
    if mine := Pulse.objects.filter(partner=partner).first():
        taps.append((f"/us/felt/{mine.pk}/takings-back/", {}))
        taps.append((f"/us/felt/{mine.pk}/sharings/", {"revision": "77"}))
    told = []
    for url, posted in taps:
        with transaction.atomic():
            told.append(plain(client.post(url, posted, follow=True)))
            transaction.set_rollback(True)
    return told


def test_nothing_is_told_before_both_have_shared(ana: Partner, ben: Partner) -> None:
    Couple.objects.update(last_active_on=None)
    with patch.object(Couple, "publish") as publish:
        hers, his = answer_week(by=fresh(ana)), answer_week(by=fresh(ben))
        hers.share(by=fresh(ana), revision=1)
        hers.take_back(by=fresh(ana))
        hers.share(by=fresh(ana), revision=1)
        assert not publish.called
        assert Couple.objects.get().last_active_on is None
        his.share(by=fresh(ben), revision=1)
    publish.assert_called_once()
    assert publish.call_args.args == ("felt",)
    assert Couple.objects.get().last_active_on


def test_shared_alone_it_can_be_taken_back_unseen(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    hers, client = answer_week(by=ana, shared=True), client_of(ana)
    page = client.post(f"/us/felt/{hers.pk}/takings-back/", follow=True).content.decode()
    assert "It is yours alone again." in page
    answer_week(by=ben, shared=True)
    assert "Ana" not in client_of(ben).get("/us/felt/").content.decode()


def test_an_open_week_stands_as_both_have_seen_it(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    hers, _his = answer_week(by=ana, shared=True), answer_week(by=ben, shared=True)
    client = client_of(ana)
    page = client.post(f"/us/felt/{hers.pk}/takings-back/", follow=True).content.decode()
    assert "it stands as you two have seen it" in page
    late = client.post(
        "/us/felt/pulse/", {**THIS, "week": monday(ana).isoformat(), "came_first": "0"}
    )
    assert late.status_code == 422
    assert "it stands as you two have seen it" in late.content.decode()
    assert Pulse.objects.get(pk=hers.pk).values == (5, 4, 6)


def test_answers_changed_on_another_phone_are_not_shared_unseen(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    old = answer_week(by=ana)
    answer_week(by=ana, answers=(0, 0, 0))
    page = share(client_of(ana), old)
    assert "Your answers have changed since." in page
    assert Pulse.objects.get().shared_on is None
    unread = share(client_of(ana), old, revision="x")
    assert "Please look at your answers once more" in unread


def test_alone_nothing_is_shared(cleo: Person) -> None:
    alone = fresh(Couple.start(by=cleo, day_zone="UTC"))
    with pytest.raises(PulseRefused, match="not here yet"):
        answer_week(by=alone, shared=True)
    assert Pulse.objects.get().shared_on is None


def test_the_others_pulse_is_found_by_nobody(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    hers = answer_week(by=ana, shared=True)
    for noun in ("sharings", "takings-back"):
        for revision in ("1", ""):
            url = f"/us/felt/{hers.pk}/{noun}/"
            assert client_of(ben).post(url, {"revision": revision}).status_code == 404


def test_a_past_week_can_still_be_shared(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    hers = answer_week(by=ana, weeks_ago=3)
    answer_week(by=ben, weeks_ago=3, shared=True)
    page = share(client_of(ana), hers, back="weeks")
    assert 'class="number">Ben' in page
    assert "My weeks" in page


def test_answers_are_sealed_and_all_of_one_length(ana: Partner) -> None:
    """A number that a thief could read off the length would be no secret."""
    lengths = set()
    for answers in ((0, 0, 0), (6, 6, 6), (1, 5, 3)):
        answer_week(by=ana, answers=answers)
        with connection.cursor() as cursor:
            cursor.execute("SELECT length(answers) FROM rituals_pulse")
            lengths.add(cursor.fetchone())
    assert len(lengths) == 1


def test_what_one_may_not_see_is_never_loaded(ana: Partner, ben: Partner) -> None:
    answer_week(by=ana)
    answer_week(by=ben, shared=True)
    assert [each.partner_id for each in Pulse.objects.visible_to(ana)] == [ana.pk]
    assert not seen(ana, ana.pulses.all())[0].open
