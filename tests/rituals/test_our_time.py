"""Our time: one agenda for both, walked through together."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction

from couples.agenda import agenda
from couples.clock import database_now
from couples.models import Partner
from rituals.asks.flow import Kind as AskKind
from rituals.models import Appreciation, Meeting, Mute, Topic
from tests.conftest import ClientOf
from tests.factories import (
    agree,
    begin_meeting,
    crowd_in,
    fresh,
    name_third,
    put_ask,
    raise_topic,
    rest,
    say,
    settle,
)
from tests.rituals.meetings import PAGE, PAST, begin, end, fill, keep, move, page_of, plain

HTMX = {"HX-Request": "true"}
BENS = "BENS-draft-about-money"


def lines(partner: Partner) -> list[str]:
    """What stands on the agenda now, in order."""
    couple = fresh(partner).couple
    return [item.line for item in agenda(couple, couple.today(database_now()))]


def test_from_the_agenda_to_a_decision(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    mine, theirs = client_of(ana), client_of(ben)
    raise_topic(by=ana, words="Where we go in spring")
    assert "Where we go in spring" in page_of(theirs)
    meeting = begin(mine)
    assert "1 of 3" in page_of(theirs)
    assert "Where we go in spring" in move(theirs, meeting)
    assert "2 of 3" in page_of(mine)
    assert "We take the night train." in keep(mine, meeting, "We take the night train.", at=1)
    assert "We take the night train." in page_of(theirs)
    move(mine, meeting)
    assert "That is everything" in move(mine, meeting)
    assert "That was our time" in end(theirs, meeting)
    for client in (mine, theirs):
        assert "We take the night train." in page_of(client)
        assert "We take the night train." in page_of(client, PAST)


def test_the_agenda_builds_itself_in_its_order(ana: Partner, ben: Partner) -> None:
    fill(ana, ben)
    first, *middle, last = lines(ana)
    assert middle == ["The spring", "Dinner on Thursday", "We come back.", "The late shift"]
    assert lines(ben) == [first, *middle, last]
    shown = [item.kind for item in begin_meeting(by=ben).items.order_by("position")]
    kinds = ["appreciations", "topic", "ask", "principle", "third", "next_week"]
    assert shown == kinds


def test_what_is_done_with_is_not_on_it(ana: Partner, ben: Partner) -> None:
    topic, answered, talked = raise_topic(by=ana), put_ask(by=ana), put_ask(by=ana, what="Guests")
    for each in (ana, ben):
        settle(topic, by=each)
    say(answered, by=ben, kind=AskKind.FINE)
    say(talked, by=ben, kind=AskKind.TALK_FIRST)
    agree(ana, ben, wording="We have three months.")
    assert lines(ana)[1:-1] == ["Guests"]


def test_a_draft_of_one_is_on_nobodys_agenda(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    Topic.draft(by=ben, about="concern", words=BENS)
    assert len(lines(ben)) == 2
    begin(client_of(ben))
    for client in (client_of(ana), client_of(ben)):
        assert BENS not in page_of(client) + page_of(client, "/us/")


def test_what_one_has_muted_stands_there_for_both_and_says_nothing(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic = raise_topic(by=ana, words="The bins")
    meeting = begin(client_of(ana))
    move(client_of(ana), meeting)
    before = [plain(page_of(client_of(each))) for each in (ana, ben)]
    Mute.keep(topic.pk, by=ben)
    assert [plain(page_of(client_of(each))) for each in (ana, ben)] == before
    assert "The bins" in lines(ana)


def test_every_kind_is_drawn_with_what_it_is(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    fill(ana, ben)
    rest(by=ana, ahead=2, days=2)
    Appreciation.say("You waited for me.", by=ben, client_key=uuid.uuid4())
    client, meeting = client_of(ana), begin(client_of(ana))
    pages = [page_of(client), *(move(client, meeting) for _item in range(5))]
    for page, words in zip(
        pages,
        ["You waited for me.", "The spring", "Dinner on Thursday", "We come back.", "late shift"],
        strict=False,
    ):
        assert words in page
    assert "Sign again" in pages[3]
    assert "came first in 3 of the last 4 weeks" in pages[4]
    assert "Rest" in pages[5]


def test_what_vanished_meanwhile_is_said_kindly(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third = name_third(by=ana, label="The late shift")
    crowd_in(third, by=ana)
    meeting = begin(client_of(ana))
    third.let_go(by=ben)
    assert "not there any more" in move(client_of(ana), meeting)


def test_a_topic_is_dealt_with_on_the_spot(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    topic = raise_topic(by=ana)
    meeting = begin(client_of(ana))
    move(client_of(ana), meeting)
    item = meeting.items.get(kind="topic")
    url, posted = f"{PAGE}items/{item.pk}/closings/", {"client_key": str(uuid.uuid4())}
    pages = [
        client_of(each).post(url, {"client_key": str(uuid.uuid4())}, follow=True).content.decode()
        for each in (ana, ben, ben)
    ]
    assert "Things have moved on" in pages[-1]
    topic.refresh_from_db()
    assert topic.closed_on
    other = meeting.items.get(kind="next_week")
    assert client_of(ana).post(f"{PAGE}items/{other.pk}/closings/", posted).status_code == 404


def test_an_appreciation_is_said_where_it_is_thought_of(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    meeting = begin(client_of(ana))
    posted = {"words": "You waited for me.", "client_key": str(uuid.uuid4())}
    for _again in range(2):
        client_of(ana).post(f"{PAGE}{meeting.pk}/thanks/", posted)
    assert "You waited for me." in page_of(client_of(ben))
    assert Appreciation.objects.count() == 1


# --- Two phones ----------------------------------------------------------------------------------


def test_next_tapped_on_an_old_page_shows_where_the_two_are(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    raise_topic(by=ana)
    meeting = begin(client_of(ana))
    assert "2 of 3" in move(client_of(ana), meeting, answers=0)
    assert "2 of 3" in move(client_of(ben), meeting, answers=0)
    assert "1 of 3" in move(client_of(ben), meeting, "back")
    assert "1 of 3" in move(client_of(ana), meeting, answers=1)


def test_a_move_off_the_agenda_is_refused_with_what_stands(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    meeting = begin(client_of(ana))
    page = move(client_of(ana), meeting, "back")
    assert "Things have moved on" in page
    assert "1 of 2" in page


def test_a_tap_after_the_end_moves_nothing(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    meeting = begin(client_of(ana))
    end(client_of(ben), meeting)
    assert "That was our time" in end(client_of(ana), meeting)
    assert "Things have moved on" in move(client_of(ana), meeting)
    meeting.refresh_from_db()
    assert (meeting.at, meeting.step) == (0, 1)


def test_begin_finds_what_the_other_has_begun(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    meeting = begin(client_of(ana))
    assert begin(client_of(ben)) == meeting
    end(client_of(ben), meeting)
    # The first tap, sent once more after all that, begins nothing new.
    Meeting.begin(by=ana, client_key=meeting.client_key)
    assert Meeting.objects.get().ended_on


def test_the_database_keeps_it_to_one_open_meeting(ana: Partner) -> None:
    first = begin_meeting(by=ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(
            couple=ana.couple,
            began_at=first.began_at,
            began_on=first.began_on,
            moved_at=first.moved_at,
            client_key=uuid.uuid4(),
        )
