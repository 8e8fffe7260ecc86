"""A new ritual is the couple's when both want it; until then it is the proposer's alone."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from couples.brakes import RESTS
from couples.clock import database_now
from couples.models import Couple, Partner
from rituals.days.models.ritual import rituals_of
from rituals.models import (
    Mark,
    Moment,
    Ritual,
    RitualRefused,
    add_ritual,
    choose_weekdays,
    end_ritual,
    leave,
    take_up,
)
from tests.conftest import ClientOf
from tests.factories import fresh, keep_ritual, mark

NAME = "Will you show me your phone?"
PAGES = ("/", "/rituals/", "/rituals/calendar/", "/us/", "/our-time/")


def propose(by: Partner, name: str = NAME) -> Ritual:
    return add_ritual(by=by, kind="own", name=name, weekdays=127)


def listen(monkeypatch: pytest.MonkeyPatch, told: list[object]) -> None:
    """Write down to whom alone it was told; None stands for both."""

    def publish(_couple: Couple, *_names: str, to: list[Partner] | None = None) -> None:
        told.append(to)

    monkeypatch.setattr(Couple, "publish", publish)


def text(client_of: ClientOf, who: Partner, url: str) -> str:
    return client_of(who).get(url).content.decode()


def test_it_is_no_ritual_of_the_other_before_they_take_it_up(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made = propose(ana)
    assert NAME in text(client_of, ana, "/")
    for url in set(PAGES) - {"/rituals/", "/"}:
        assert NAME not in text(client_of, ben, url)
    assert f"/rituals/{made.pk}/marks/" not in text(client_of, ben, "/")
    key = {"client_key": uuid.uuid4(), "day": ben.couple.today(database_now())}
    assert client_of(ben).post(f"/rituals/{made.pk}/marks/", key).status_code == 404
    assert client_of(ben).post(f"/rituals/{made.pk}/weekdays/").status_code == 404
    assert [each.pk for each in Ritual.objects.proposed_to(ben)] == [made.pk]


def test_both_keep_it_once_the_other_takes_it_up(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made = propose(ana)
    mark(by=ben)  # it waits behind the hello, as other questions do
    for url in ("/rituals/", "/"):
        assert f"/rituals/{made.pk}/taking-up/" in text(client_of, ben, url)
    client_of(ben).post(f"/rituals/{made.pk}/taking-up/")
    for who in (ana, ben):
        assert f"/rituals/{made.pk}/marks/" in text(client_of, who, "/")
        mark(by=fresh(who), ritual=Ritual.objects.get(pk=made.pk))
    assert Moment.objects.get(ritual=made).closed


def test_to_its_proposer_a_no_and_no_answer_yet_look_alike(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    left, waiting = propose(ana, "Left"), propose(ana, "Waiting")
    client_of(ben).post(f"/rituals/{left.pk}/leaving/")
    assert [each.pk for each in Ritual.objects.proposed_to(ben)] == [waiting.pk]
    for url in ("/", "/rituals/", "/rituals/calendar/"):
        page = text(client_of, ana, url)
        assert ("Left" in page) == ("Waiting" in page)
    for each in (left, waiting):
        end_ritual(each, by=ana)
    said = []
    for name in ("Left", "Waiting"):
        with pytest.raises(RitualRefused) as refused:
            propose(ana, name)
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_leaving_it_is_told_to_nobody(
    ana: Partner, ben: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, told = propose(ana), list[object]()
    listen(monkeypatch, told)
    before = fresh(ben).active_on
    leave(made, by=ben)
    leave(made, by=ben)
    assert told == [[ben]]
    assert fresh(ben).active_on == before


def test_what_one_does_alone_with_it_is_told_to_nobody(
    ana: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, told = propose(ana), list[object]()
    listen(monkeypatch, told)
    today = ana.couple.today(database_now())
    done = mark(by=ana, ritual=made)
    done.describe(by=ana, how="apart", line="Alone")
    Mark.objects.select_related("moment__ritual").get(pk=done.pk).take_back(by=ana)
    choose_weekdays(made, by=ana, weekdays=1, start=today)
    assert told
    assert all(to == [ana] for to in told)


def test_the_days_before_stay_those_of_one(ana: Partner, ben: Partner) -> None:
    now = database_now()
    made = add_ritual(by=ana, kind="own", name="Tea", weekdays=127, now=now - timedelta(days=5))
    assert made not in rituals_of(ana.couple)
    take_up(made, by=ben, now=now)
    (tea,) = (each for each in rituals_of(ana.couple) if each.pk == made.pk)
    today = ana.couple.today(now)
    assert tea.planned_on(today)
    assert not tea.planned_on(today - timedelta(days=1))


def test_whoever_adds_what_the_other_has_proposed_takes_it_up(ana: Partner, ben: Partner) -> None:
    first = add_ritual(by=ana, kind="bedtime", weekdays=127)
    leave(first, by=ben)
    second = add_ritual(by=ben, kind="bedtime", weekdays=1)
    assert second.pk == first.pk is not None
    assert Ritual.objects.live().filter(pk=first.pk).exists()


def test_one_taken_back_cannot_be_taken_up(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    made = propose(ana)
    end_ritual(made, by=ana)
    page = client_of(ben).post(f"/rituals/{made.pk}/taking-up/", follow=True).content.decode()
    assert "not proposed any more" in page
    assert not Ritual.objects.live().filter(pk=made.pk).exists()


def test_what_was_let_go_rests_for_two_weeks(ana: Partner, ben: Partner) -> None:
    now = database_now()
    end_ritual(propose(ana), by=ana, now=now)
    for days in (0, 1, RESTS - 1):
        with pytest.raises(RitualRefused):
            add_ritual(
                by=ana,
                kind="own",
                name=NAME.upper(),
                weekdays=127,
                now=now + timedelta(days=days),
            )
    later = now + timedelta(days=RESTS)
    assert add_ritual(by=ana, kind="own", name=NAME, weekdays=127, now=later).pk is not None


def test_what_both_kept_can_be_proposed_again_at_once(ana: Partner, ben: Partner) -> None:
    end_ritual(keep_ritual(ana, ben), by=ana)
    assert keep_ritual(ana, ben).pk is not None


def test_a_form_that_is_refused_keeps_its_words(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    client, name = client_of(ana), "Why are you late?"
    for number in range(8):
        posted = {"kind": "own", "name": f"{name} {number}", "weekdays": [0, 1]}
        client.post("/rituals/new/", posted)
    page = client.post("/rituals/new/", {"kind": "own", "name": name, "weekdays": [0, 1]})
    assert page.status_code == 422
    assert "Your words are kept here." in page.content.decode()
    assert name in page.content.decode()
    assert Ritual.objects.proposed_to(ben).count() == 3
