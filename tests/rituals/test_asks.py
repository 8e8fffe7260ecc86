"""Asking first: what each sees, and what neither can do to the other."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.models import Couple, Partner, Person
from rituals.asks.flow import Kind, Stage
from rituals.asks.models.matter import MOST, MatterRefused
from rituals.models import Ask, AskAct, AskRefused, Matter, Mute
from tests.access.people import undone
from tests.conftest import ClientOf
from tests.factories import fresh, name_third, put_ask, say

HTMX = {"HX-Request": "true"}
WHAT = "Dinner with my team on Thursday"


def post(client: Client, ask: Ask, noun: str, **posted: str) -> str:
    """Post one step as the page drawn just now would, and return the page that follows."""
    ask.refresh_from_db()
    posted = {"client_key": str(uuid.uuid4()), "answers": str(ask.latest), **posted}
    return client.post(f"/asks/{ask.pk}/{noun}/", posted, follow=True).content.decode()


def put(client: Client, **changes: str) -> Ask:
    """Ask through the page."""
    client.post("/asks/new/", {"client_key": str(uuid.uuid4()), "what": WHAT, **changes})
    return Ask.objects.latest("asked_at")


def test_an_ask_with_a_counter_offer_ends_agreed(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    asker, asked = client_of(ana), client_of(ben)
    ask = put(asker, third="My boss", instead_of="Our Thursday")
    page = asked.get(f"/asks/{ask.pk}/").content.decode()
    assert all(words in page for words in (WHAT, "My boss", "Our Thursday", "Ana asks you first"))
    assert "Fine with Ben, if …" in _seen_by(asker, ask, asked, "fine_if", "we keep Friday")
    assert "How about …" in post(asker, ask, "counters", kind="counter", words="Saturday?")
    post(asked, ask, "answers", kind="fine_if", words="Saturday, and we cook")
    assert "<h1>Agreed</h1>" in post(asker, ask, "agreements", kind="agree")
    assert "Saturday, and we cook" in asked.get(f"/asks/{ask.pk}/").content.decode()


def _seen_by(asker: Client, ask: Ask, asked: Client, kind: str, words: str) -> str:
    post(asked, ask, "answers", kind=kind, words=words)
    return asker.get(f"/asks/{ask.pk}/").content.decode()


def test_no_answer_keeps_the_asker_from_going_ahead(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ask = put(client_of(ana))
    post(client_of(ben), ask, "answers", kind="rather_not")
    page = post(client_of(ana), ask, "endings", kind="went_ahead")
    assert "You went ahead, and said so" in page
    assert "Ana went ahead, and said so" in client_of(ben).get(f"/asks/{ask.pk}/").content.decode()


def test_an_answered_ask_is_two_taps_from_opening_the_app(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ask, client = put_ask(by=ana), client_of(ben)
    today = client.get("/").content.decode()
    assert "Open anyway" in today  # the first: what waits is folded until hi was said
    form = today.split(f'action="/asks/{ask.pk}/answers/"')[1].split("</form>")[0]
    posted = dict(re.findall(r'name="(client_key|answers)" value="([^"]+)"', form))
    client.post(f"/asks/{ask.pk}/answers/", {**posted, "kind": "fine"})  # the second
    ask.refresh_from_db()
    assert ask.stage == Stage.AGREED


def test_nobody_agrees_to_what_changed_while_their_page_was_open(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ask = put_ask(by=ana)
    say(ask, by=ben, kind=Kind.FINE_IF, words="We keep Friday.")
    seen = str(ask.latest)
    say(ask, by=ben, kind=Kind.FINE_IF, words="We keep Friday and Saturday.")
    page = post(client_of(ana), ask, "agreements", kind="agree", answers=seen)
    assert "Things have moved on" in page
    assert "We keep Friday and Saturday." in page
    ask.refresh_from_db()
    assert ask.stage == Stage.OFFERED


def test_a_step_that_no_longer_fits_keeps_what_was_typed(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ask = put_ask(by=ana)
    say(ask, by=ana, kind=Kind.LET_GO)
    page = post(client_of(ben), ask, "answers", kind="fine_if", words="we call at ten")
    assert "Things have moved on" in page
    assert "we call at ten" in page


def test_a_tap_sent_again_changes_nothing(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    key = str(uuid.uuid4())
    asks = {put(client_of(ana), client_key=key).pk for _time in range(3)}
    assert (len(asks), AskAct.objects.count()) == (1, 1)
    again = str(uuid.uuid4())
    for _time in range(3):
        post(client_of(ben), Ask.objects.get(), "answers", kind="rather_not", client_key=again)
    assert AskAct.objects.count() == 2


def test_only_the_asker_ends_it_and_only_the_other_answers(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ask = put_ask(by=ana)
    for who, noun, kind in ((ana, "answers", "fine"), (ben, "endings", "let_go")):
        assert "Things have moved on" in post(client_of(who), ask, noun, kind=kind)
    ask.refresh_from_db()
    assert ask.is_open


def test_how_it_ended_stands_on_that_ask_alone(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    """No page of either that lists asks differs by it, and Today no longer once it was told."""
    third = name_third(by=ana)
    urls = ["/us/", "/asks/", "/asks/older/", f"/us/thirds/{third.pk}/", "/our-time/"]
    pages = {}
    for kind in (Kind.LET_GO, Kind.WENT_AHEAD, Kind.FINE):
        with undone():
            say(put_ask(by=ana, about=third), by=ben if kind is Kind.FINE else ana, kind=kind)
            seen = []
            for days in (0, 60):
                Ask.objects.update(closed_on=ana.couple.today(database_now()) - timedelta(days))
                readers = [client_of(each) for each in (ana, ben)]
                where = [*urls, *(["/"] if days else [])]
                drawn = [reader.get(url).content.decode() for reader in readers for url in where]
                assert sum(WHAT in page for page in drawn) == 2  # one list of each
                seen.append(re.sub(r"[0-9a-f-]{36}|[0-9a-zA-Z]{64}", "", "".join(drawn)))
            pages[kind] = seen
    assert pages[Kind.LET_GO] == pages[Kind.WENT_AHEAD] == pages[Kind.FINE]


ENDINGS = [
    (Kind.FINE, "ben", "Fine with Ben"),
    (Kind.AGREE, "ana", "Ana agreed to what you said"),
    (Kind.LET_GO, "ana", "Ana let this go"),
    (Kind.WENT_AHEAD, "ana", "Ana went ahead, and said so"),
]


@pytest.mark.parametrize(("kind", "by", "told"), ENDINGS)
def test_whatever_ends_an_ask_is_told_to_the_other_and_to_nobody_else(
    ana: Partner, ben: Partner, client_of: ClientOf, kind: Kind, by: str, told: str
) -> None:
    who, other = (ana, ben) if by == "ana" else (ben, ana)
    ask = put_ask(by=ana, what=WHAT)
    if kind is Kind.AGREE:
        say(ask, by=ben, kind=Kind.FINE_IF, words="we keep Friday")
    say(ask, by=who, kind=kind)
    page = client_of(other).get("/").content.decode()
    assert told in page
    assert page.count(WHAT) == 1
    assert WHAT not in client_of(who).get("/").content.decode()
    Ask.objects.update(closed_on=ana.couple.today(database_now()) - timedelta(days=3))
    assert WHAT not in client_of(other).get("/").content.decode()


def test_a_yes_is_seen_before_hi_is_said_and_gone_once_it_was_read(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ask, client = put_ask(by=ana, what=WHAT), client_of(ana)
    say(ask, by=ben, kind=Kind.FINE)
    page = client.get("/").content.decode()
    assert "Fine with Ben" in page
    assert 'id="gate"' not in page
    client.get(f"/asks/{ask.pk}/")
    assert WHAT not in client.get("/").content.decode()


def test_what_was_muted_ends_unheard(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    ask = put_ask(by=ana, what=WHAT)
    ask.mute(by=ben)
    say(ask, by=ana, kind=Kind.LET_GO)
    assert WHAT not in client_of(ben).get("/").content.decode()


def test_a_closed_ask_folds_away_after_thirty_days(ana: Partner, client_of: ClientOf) -> None:
    ask, client = put_ask(by=ana), client_of(ana)
    say(ask, by=ana, kind=Kind.LET_GO)
    today = ana.couple.today(database_now())
    for days, stands in ((30, True), (31, False)):
        Ask.objects.update(closed_on=today - timedelta(days=days))
        assert (WHAT in client.get("/asks/").content.decode()) is stands
        assert (WHAT in client.get("/asks/older/").content.decode()) is not stands
    assert "You let it go" in client.get(f"/asks/{ask.pk}/").content.decode()


def test_five_unanswered_at_a_time_and_an_answer_makes_room(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    asks = [put_ask(by=ana) for _number in range(5)]
    key = {"client_key": str(uuid.uuid4()), "what": "One more"}
    page = client_of(ana).post("/asks/new/", key)
    assert page.status_code == 422
    assert "One more" in page.content.decode()
    assert "there is room for this" in page.content.decode()
    put_ask(by=ben)  # the other's five are the other's
    say(asks[0], by=ben, kind=Kind.TALK_FIRST)
    put_ask(by=ana)


@pytest.mark.usefixtures("much_at_once")
def test_a_counter_offer_takes_up_room_like_an_ask(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    answered = [put_ask(by=ana) for _number in range(5)]
    for ask in answered:
        say(ask, by=ben, kind=Kind.RATHER_NOT)
    waiting = [put_ask(by=ana) for _number in range(5)]
    mine = client_of(ana)
    page = post(mine, answered[0], "counters", kind="counter", words="Saturday, and we cook?")
    assert "Saturday, and we cook?" in page
    assert "When one has it, or you let one go, there is room for this." in page
    assert Ask.objects.filter(stage=Stage.ASKED).count() == 5
    post(mine, waiting[0], "endings", kind="let_go")
    page = post(mine, answered[0], "counters", kind="counter", words="Saturday, and we cook?")
    assert "How about …" in page
    assert Ask.objects.filter(stage=Stage.ASKED).count() == 5


def test_muting_is_silent(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    ask = put_ask(by=ana)
    before = _all_pages(client_of(ana), ask)
    client_of(ben).post(f"/asks/{ask.pk}/muting/")
    assert Mute.objects.get().partner == ben
    assert _all_pages(client_of(ana), ask) == before
    assert WHAT not in client_of(ben).get("/").content.decode()
    for _number in range(4):
        put_ask(by=ana)
    with pytest.raises(AskRefused):  # it still counts, so nobody finds out by trying
        put_ask(by=ana)
    client_of(ben).post(f"/asks/{ask.pk}/unmuting/")
    assert WHAT in client_of(ben).get("/").content.decode()


def _all_pages(client: Client, ask: Ask) -> str:
    urls = ["/", "/us/", "/asks/", "/asks/older/", f"/asks/{ask.pk}/"]
    pages = [client.get(url, headers=headers) for url in urls for headers in ({}, HTMX)]
    everything = "".join(page.content.decode() for page in pages)
    return re.sub(r'"[0-9a-zA-Z-]{36,64}"', "", everything)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"what": " "}, "A few words about what it is, please."),
        ({"on": "2020-01-01"}, "That day is over."),
        ({"on": "9999-12-31"}, "That is a long way off."),
        ({"on": "someday"}, "Please give a day like"),
        ({"know_by": "9999-12-31"}, "That is a long way off."),
    ],
)
def test_a_form_that_is_not_right_keeps_what_was_typed(
    ana: Partner, client_of: ClientOf, typed: dict[str, str], message: str
) -> None:
    posted = {"client_key": str(uuid.uuid4()), "what": WHAT, "third": "My sister", **typed}
    page = client_of(ana).post("/asks/new/", posted)
    assert page.status_code == 422
    assert message in page.content.decode()
    assert "My sister" in page.content.decode()
    assert not Ask.objects.exists()


def test_needing_to_know_after_the_day_itself_is_pointed_out(
    ana: Partner, client_of: ClientOf
) -> None:
    today = ana.couple.today(database_now())
    days = {"on": today.isoformat(), "know_by": (today + timedelta(days=1)).isoformat()}
    posted = {"client_key": str(uuid.uuid4()), "what": WHAT, **days}
    page = client_of(ana).post("/asks/new/", posted)
    assert "That is after the day itself." in page.content.decode()


def test_alone_there_is_nobody_to_ask(cleo: Person, client_of: ClientOf) -> None:
    alone = fresh(Couple.start(by=cleo, day_zone="UTC"))
    posted = {"client_key": str(uuid.uuid4()), "what": WHAT}
    page = client_of(alone).post("/asks/new/", posted)
    assert "Your partner is not here yet." in page.content.decode()
    assert WHAT in page.content.decode()


def test_acts_cannot_be_changed_or_deleted(ana: Partner) -> None:
    put_ask(by=ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        AskAct.objects.update(kind="fine")
    with pytest.raises(IntegrityError), transaction.atomic():
        AskAct.objects.all().delete()


@pytest.mark.usefixtures("much_at_once")
def test_pages_ask_a_fixed_number_of_queries(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(36):
        ask = put_ask(by=(ana, ben)[number % 2])
        say(ask, by=(ben, ana)[number % 2], kind=(Kind.FINE, Kind.TALK_FIRST)[number % 3 == 0])
    client = client_of(ana)
    one = Ask.objects.latest("asked_at")
    for url, most in (("/asks/", 5), ("/asks/older/", 4), (f"/asks/{one.pk}/", 6)):
        with django_assert_max_num_queries(most):
            client.get(url)
    assert "?closed=" in client.get("/asks/").content.decode()


# --- What touches both ---------------------------------------------------------------------------


def test_either_adds_both_see_and_either_drops(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    client_of(ana).post("/asks/matters/", {"words": "Money above 200"})
    page = client_of(ben).get("/asks/matters/").content.decode()
    assert "Money above 200" in page
    assert "health, safety, friends, family, faith, one's phone, and leaving" in page
    client_of(ben).post(f"/asks/matters/{Matter.objects.get().pk}/dropping/")
    assert "Money above 200" not in client_of(ana).get("/asks/matters/").content.decode()
    dropped = Matter.objects.get()
    assert (dropped.added_by, dropped.dropped_by) == (ana, ben)


@pytest.mark.usefixtures("much_at_once")
def test_the_same_line_stands_once_and_a_full_list_says_so(ana: Partner) -> None:
    for _time in range(2):
        Matter.add("Guests", by=ana)
    assert Matter.objects.count() == 1
    for number in range(MOST - 1):
        Matter.add(f"Number {number}", by=ana)
    with pytest.raises(MatterRefused):
        Matter.add("One more", by=ana)
