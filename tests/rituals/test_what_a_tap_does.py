"""What a card shows is what a tap on it does; what stands in a field goes along or is kept."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from couples.clock import database_now
from couples.models import Partner, Signature
from rituals.asks.flow import Kind, Stage
from rituals.asks.models.ask import Question
from rituals.models import Ask
from rituals.waiting import IN_WHOLE
from tests.conftest import ClientOf
from tests.factories import propose, put_ask, raise_topic, say

LONG = "We drive to your parents on Friday night. " * 10 + "And we stay for the whole month."


def today(client: Client) -> str:
    return client.get("/").content.decode()


def form_for(page: str, url: str) -> dict[str, str] | None:
    """Return the hidden fields of the form that posts to `url`, or None where there is none."""
    for form in page.split("<form")[1:]:
        if f'action="{url}"' in form.split(">", 1)[0]:
            hidden = r'type="hidden" name="([\w-]+)" value="([^"]*)"'
            return dict(re.findall(hidden, form.split("</form>")[0]))
    return None


# --- Asks -----------------------------------------------------------------------------------------


def test_a_card_that_takes_a_yes_shows_the_whole_question(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    day = ana.couple.today(database_now()) + timedelta(days=9)
    asked = Question("Dinner with my team\nand their families", "My boss", "Our Thursday", day, day)
    ask = Ask.put(asked, by=ana, client_key=uuid.uuid4())
    page = today(client_of(ben))
    assert form_for(page, f"/asks/{ask.pk}/answers/")
    card = page.split(f'<h2 class="said" dir="auto" id="ask-{ask.pk}"')[1].split("</section>")[0]
    shown = ("Dinner with my team<br>and their families", "My boss", "Our Thursday")
    assert all(words in card for words in shown)
    assert card.count(f"{day:%A} {day.day} {day:%B}") == 2


@pytest.mark.parametrize("place", ["what", "third", "instead_of"])
def test_what_a_card_has_no_room_for_is_answered_on_its_page(
    ana: Partner, ben: Partner, client_of: ClientOf, place: str
) -> None:
    words = {"what": "Friday", "third": None, "instead_of": None, place: LONG}
    ask = Ask.put(Question(**words), by=ana, client_key=uuid.uuid4())  # type: ignore[arg-type]
    page = today(client_of(ben))
    assert form_for(page, f"/asks/{ask.pk}/answers/") is None
    assert f'href="/asks/{ask.pk}/"' in page
    whole = client_of(ben).get(f"/asks/{ask.pk}/").content.decode()
    assert "the whole month" in whole
    assert form_for(whole, f"/asks/{ask.pk}/answers/")


def test_a_counter_offer_is_agreed_to_where_it_is_read(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ask = put_ask(by=ana, what="Two days away")
    say(ask, by=ben, kind=Kind.FINE_IF, words="if two nights")
    say(ask, by=ana, kind=Kind.COUNTER, words="three nights")
    page = today(client_of(ben))
    assert form_for(page, f"/asks/{ask.pk}/answers/") is None
    assert "Ana asks about something else instead" in page
    assert "three nights" in client_of(ben).get(f"/asks/{ask.pk}/").content.decode()


def test_a_tap_on_a_card_that_is_no_longer_so_shows_what_stands_now(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ask, client = put_ask(by=ana, what="Two days away"), client_of(ben)
    drawn = form_for(today(client), f"/asks/{ask.pk}/answers/")
    assert drawn
    say(ask, by=ben, kind=Kind.FINE_IF, words="if two nights")
    say(ask, by=ana, kind=Kind.COUNTER, words="three nights")
    answer = client.post(f"/asks/{ask.pk}/answers/", {**drawn, "kind": "fine"})
    assert answer.status_code == 422
    assert "Things have moved on" in answer.content.decode()
    assert "three nights" in answer.content.decode()
    ask.refresh_from_db()
    assert ask.stage == Stage.ASKED


@pytest.mark.parametrize(
    ("noun", "kind", "mine"),
    [
        ("answers", "fine", False),
        ("answers", "rather_not", False),
        ("answers", "talk_first", False),
        ("agreements", "agree", True),
        ("endings", "let_go", True),
        ("endings", "went_ahead", True),
    ],
)
def test_no_answer_leaves_typed_words_behind(
    ana: Partner, ben: Partner, client_of: ClientOf, noun: str, kind: str, mine: bool
) -> None:
    ask = put_ask(by=ana)
    if mine:
        say(ask, by=ben, kind=Kind.FINE_IF, words="if we have Friday")
    ask.refresh_from_db()
    posted = {"client_key": str(uuid.uuid4()), "answers": str(ask.latest), "kind": kind}
    client = client_of(ana if mine else ben)
    answer = client.post(f"/asks/{ask.pk}/{noun}/", {**posted, "words": "if you are back by ten"})
    page = answer.content.decode()
    assert "There are words in the field." in page
    assert "if you are back by ten" in page
    assert Ask.objects.get().stage == ask.stage
    client.post(f"/asks/{ask.pk}/{noun}/", {**posted, "words": " "})
    assert Ask.objects.get().stage != ask.stage


# --- Topics ---------------------------------------------------------------------------------------


def test_a_topic_is_heard_where_it_is_read_in_whole(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    fits, longer = "x" * (IN_WHOLE - 9) + " the end.", "y" * IN_WHOLE + " the end."
    short, long_one = raise_topic(by=ana, words=fits), raise_topic(by=ana, words=longer)
    page = today(client_of(ben))
    assert fits in page
    assert form_for(page, f"/topics/{short.pk}/hearings/")
    assert form_for(page, f"/topics/{long_one.pk}/hearings/") is None
    assert f'href="/topics/{long_one.pk}/"' in page


# --- Principles -----------------------------------------------------------------------------------


def test_a_signature_stands_for_the_day_that_was_shown(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    version, client = propose(by=ana), client_of(ben)
    url = f"/us/principles/{version.agreement_id}/"
    to = f"/us/principles/wordings/{version.pk}/signatures/"
    page = client.get(url).content.decode()
    drawn = form_for(page, to)
    assert drawn
    offered = Signature.objects.get().lapses_on
    assert f"It lapses on {offered:%-d %B %Y}." in page
    version.sign(by=ana, until=offered + timedelta(days=200))
    client.post(to, drawn)
    assert Signature.objects.get(partner=ben).lapses_on == offered
