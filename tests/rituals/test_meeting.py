"""When we meet again, and what is told for some hours alone."""

from __future__ import annotations

from datetime import timedelta

from couples.clock import database_now
from couples.days import DAY
from couples.delivery.tasks import tick
from couples.models import Partner
from rituals.models import Approach, MeetingWord
from tests.conftest import ClientOf
from tests.factories import mark
from tests.rituals.test_calendar import here_since


def test_a_word_at_the_goodbye_is_seen_by_both_until_both_have_said_hi(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    anas, bens = client_of(ana), client_of(ben)
    assert anas.post("/rituals/meeting/", {"words": "Home by seven"}).status_code == 302
    for page in (anas.get("/"), bens.get("/"), anas.get("/rituals/meeting/")):
        assert "Home by seven" in page.content.decode()
    mark(by=ana)
    assert "Home by seven" in bens.get("/").content.decode()
    mark(by=ben)
    assert "Home by seven" not in bens.get("/").content.decode()
    assert not MeetingWord.objects.exists()


def test_a_greeting_entered_late_says_nothing_about_having_met(ana: Partner, ben: Partner) -> None:
    here_since(ana, 9)
    MeetingWord.say(by=ana, words="Home by seven")
    for who in (ana, ben):
        mark(by=who, day=who.couple.today(database_now()) - DAY)
    assert MeetingWord.objects.get().words == "Home by seven"


def test_only_the_latest_word_is_kept_and_an_empty_one_takes_it_back(ana: Partner) -> None:
    for words in ("Home by seven", "Home by eight"):
        MeetingWord.say(by=ana, words=words)
    assert [word.words for word in MeetingWord.objects.all()] == ["Home by eight"]
    MeetingWord.say(by=ana, words="")
    assert not MeetingWord.objects.exists()


def test_a_word_too_long_is_said_so_and_comes_back(ana: Partner, client_of: ClientOf) -> None:
    page = client_of(ana).post("/rituals/meeting/", {"words": "o" * 201})
    assert page.status_code == 422
    assert "o" * 201 in page.content.decode()


def test_on_my_way_is_kept_nowhere_once_its_hours_are_over(ana: Partner, ben: Partner) -> None:
    now = database_now()
    Approach.tell(by=ana, kind=Approach.Kind.ON_MY_WAY, now=now - timedelta(hours=3, minutes=1))
    Approach.tell(by=ben, kind=Approach.Kind.ON_MY_WAY, now=now - timedelta(hours=2))
    tick()
    assert [told.partner for told in Approach.objects.all()] == [ben]
