"""Decisions belong to both: kept, taken back by either, and made into something."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client

from couples.clock import database_now
from couples.models import AgreementVersion, Partner
from rituals.meetings.models.decision import LATE, MOST
from rituals.models import Ask, Decision, Meeting, MeetingItem, MeetingRefused, Outcome, Topic
from tests.conftest import ClientOf
from tests.factories import begin_meeting, decide, fresh, put_ask
from tests.rituals.meetings import PAGE, PAST, begin, end, keep, move, page_of

WORDS = "We stop at six on Wednesdays"


@pytest.fixture
def item(ana: Partner) -> MeetingItem:
    """The week ahead, in a meeting that is under way."""
    return begin_meeting(by=ana).items.select_related("meeting").get(kind="next_week")


def strike(client: Client, decision: Decision, **posted: str) -> str:
    url = f"{PAGE}decisions/{decision.pk}/strikings/"
    return client.post(url, posted, follow=True).content.decode()


def test_a_decision_sent_again_is_kept_once(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    meeting, key = begin(client_of(ana)), str(uuid.uuid4())
    for _again in range(3):
        keep(client_of(ana), meeting, WORDS, at=1, key=key)
    keep(client_of(ben), meeting, WORDS, at=1)
    assert Decision.objects.count() == 2


def test_a_decision_fits_the_item_it_was_written_on_wherever_the_two_are(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    meeting = begin(client_of(ana))
    move(client_of(ana), meeting)
    move(client_of(ben), meeting)
    keep(client_of(ana), meeting, WORDS, at=1)
    assert Decision.objects.get().item.position == 1
    end(client_of(ben), meeting)
    keep(client_of(ana), meeting, "And bread on Sundays", at=1)
    assert "And bread on Sundays" in page_of(client_of(ben))


def test_what_comes_too_late_is_refused_and_given_back(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    meeting = begin(client_of(ana))
    end(client_of(ben), meeting)
    Meeting.objects.update(moved_at=database_now() - LATE)
    item = meeting.items.get(position=1)
    posted = {"words": WORDS, "client_key": str(uuid.uuid4())}
    answer = client_of(ana).post(f"{PAGE}items/{item.pk}/decisions/", posted)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "That time together is over." in page
    assert WORDS in page
    assert not Decision.objects.exists()


def test_nothing_written_is_no_decision_and_too_much_comes_back(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    meeting = begin(client_of(ana))
    url = f"{PAGE}items/{meeting.items.get(position=1).pk}/decisions/"
    for words, says in ((" ", "nothing written here yet"), ("w" * 301, "make it shorter")):
        posted = {"words": words, "client_key": str(uuid.uuid4())}
        answer = client_of(ana).post(url, posted)
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert words.strip() in answer.content.decode()


def test_there_is_an_end_to_decisions(ana: Partner, item: MeetingItem) -> None:
    Decision.objects.bulk_create(
        Decision(
            couple=ana.couple,
            item=item,
            words="One",
            kept_by=ana,
            kept_at=database_now(),
            client_key=uuid.uuid4(),
        )
        for _number in range(MOST)
    )
    with pytest.raises(MeetingRefused, match="plenty"):
        decide(item, by=ana)


# --- Taking back ---------------------------------------------------------------------------------


def test_either_takes_it_back_for_both_and_nobody_reads_who(
    ana: Partner, ben: Partner, item: MeetingItem, client_of: ClientOf
) -> None:
    made = decide(item, by=ana, words=WORDS)
    _over(item.meeting, client_of(ana))
    assert "Taken back." in strike(client_of(ben), made, then="past")
    for client in (client_of(ana), client_of(ben)):
        pages = page_of(client) + page_of(client, PAST)
        assert WORDS not in pages
    made.refresh_from_db()
    assert made.words is None
    strike(client_of(ana), made)
    fields = {field.name for field in Decision._meta.get_fields()}
    assert not {"struck_by", "struck_at"} & fields


def test_a_decision_without_words_was_taken_back(ana: Partner, item: MeetingItem) -> None:
    decide(item, by=ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(struck_on=ana.couple.today(database_now()))


# --- Becoming something --------------------------------------------------------------------------


def test_it_becomes_a_principle(
    ana: Partner, ben: Partner, item: MeetingItem, client_of: ClientOf
) -> None:
    made, client = decide(item, by=ben, words=WORDS), client_of(ana)
    url = f"/us/principles/new/?decision={made.pk}"
    assert WORDS in page_of(client, url)
    posted = {"wording": f"{WORDS}.", "area": "first", "client_key": str(uuid.uuid4())}
    client.post(url, posted)
    version = AgreementVersion.objects.get()
    assert version.wording == f"{WORDS}."
    _over(item.meeting, client_of(ben))
    for each in (ana, ben):
        page = page_of(client_of(each))
        assert "Became a principle" in page
        assert f"/us/principles/{version.agreement_id}/" in page


def test_it_becomes_an_ask_or_a_ritual(
    ana: Partner, ben: Partner, item: MeetingItem, client_of: ClientOf
) -> None:
    made, client = decide(item, by=ben, words=WORDS), client_of(ana)
    ask, ritual = f"/asks/new/?decision={made.pk}", f"/rituals/new/?decision={made.pk}"
    for url in (ask, ritual):
        assert WORDS in page_of(client, url)
    client.post(ask, {"what": WORDS, "client_key": str(uuid.uuid4())})
    client.post(ritual, {"kind": "own", "name": "Six o'clock", "weekdays": "2"})
    assert Ask.objects.get().what == WORDS
    assert ana.couple.rituals.filter(kind="own").exists()
    _over(item.meeting, client_of(ben))
    page = page_of(client_of(ben))
    assert "Became an ask" in page
    assert "Became a ritual" in page


def test_a_topic_made_of_it_is_on_the_next_agenda_for_both(
    ana: Partner, ben: Partner, item: MeetingItem, client_of: ClientOf
) -> None:
    made = decide(item, by=ben, words=WORDS)
    _over(item.meeting, client_of(ben))
    mine, url = client_of(ana), f"/topics/new/?decision={made.pk}"
    assert "Keep it for next time" in page_of(mine, url)
    tap = {"about": "plan", "words": WORDS, "client_key": str(uuid.uuid4())}
    for _time in range(2):  # a double tap
        mine.post(url, tap)
    topic, outcome = Topic.objects.get(), Outcome.objects.get()
    assert topic.raised_at
    assert outcome.subject == topic.pk
    for each in (ana, ben):
        assert "Became a topic" in page_of(client_of(each), PAST)
    Meeting.objects.update(ended_on=topic.raised_on, moved_at=F("moved_at") - timedelta(days=2))
    assert begin_meeting(by=fresh(ben)).items.filter(subject=topic.pk).exists()


def test_where_there_is_no_room_for_it_nothing_is_made_and_nothing_lost(
    ana: Partner, item: MeetingItem, client_of: ClientOf
) -> None:
    made = decide(item, by=ana, words=WORDS)
    for _number in range(5):
        put_ask(by=ana)
    before = Topic.objects.count()
    tap = {"about": "plan", "words": WORDS, "client_key": str(uuid.uuid4())}
    page = client_of(ana).post(f"/topics/new/?decision={made.pk}", tap)
    assert page.status_code == 422
    assert WORDS in page.content.decode()
    assert "there is room for this" in page.content.decode()
    assert (Topic.objects.count(), Outcome.objects.count()) == (before, 0)


def test_a_draft_of_earlier_days_is_no_word_of_the_decision_to_the_other(
    ana: Partner, ben: Partner, item: MeetingItem, client_of: ClientOf
) -> None:
    made = decide(item, by=ben, words=WORDS)
    _over(item.meeting, client_of(ben))
    before = page_of(client_of(ben), PAST)
    draft = Topic.draft(by=ana, about="plan", words=WORDS)
    Outcome.note(made, "topic", draft.pk, by=ana)
    assert "Became a topic" in page_of(client_of(ana), PAST)
    assert _plain(page_of(client_of(ben), PAST)) == _plain(before)
    draft.bring_up(by=ana, client_key=uuid.uuid4())
    assert "Became a topic" in page_of(client_of(ben), PAST)


def _plain(page: str) -> str:
    return page.split("<main", 1)[1].replace(page.split('csrfmiddlewaretoken" value="')[1][:64], "")


def _over(meeting: Meeting, client: Client) -> None:
    end(client, meeting)


def test_words_travel_in_no_address(ana: Partner, item: MeetingItem, client_of: ClientOf) -> None:
    decide(item, by=ana, words="Lantern-walk")
    _over(item.meeting, client_of(ana))
    page = page_of(client_of(ana), PAST)
    assert not [url for url in page.split('"') if url.startswith("/") and "antern" in url]


def test_other_couples_and_taken_back_decisions_lend_nothing(
    ana: Partner, others: tuple[Partner, Partner], item: MeetingItem, client_of: ClientOf
) -> None:
    made = decide(item, by=ana, words=WORDS)
    for url in ("/us/principles/new/", "/asks/new/", "/rituals/new/", "/topics/new/"):
        assert WORDS not in page_of(client_of(others[0]), f"{url}?decision={made.pk}")
        for odd in ("", "x", "0" * 40, str(uuid.uuid4())):
            assert client_of(ana).get(f"{url}?decision={odd}").status_code == 200
    url, key = f"/topics/new/?decision={made.pk}", str(uuid.uuid4())
    client_of(others[0]).post(url, {"about": "plan", "words": "Theirs", "client_key": key})
    made.strike(by=ana)
    client_of(ana).post(url, {"about": "plan", "words": "Mine", "client_key": key})
    assert not Outcome.objects.exists()


def test_decisions_of_an_evening_stand_under_its_day(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    meeting = begin(client_of(ana))
    keep(client_of(ana), meeting, WORDS, at=1)
    end(client_of(ana), meeting)
    day = meeting.began_on - timedelta(days=400)
    Meeting.objects.update(began_on=day, ended_on=day)
    page = page_of(client_of(ben), PAST)
    assert str(day.year) in page
    assert WORDS in page
