"""Topics: what is private, what both see, and a promise that is no lock."""

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
from rituals.models import AskRefused, Topic, TopicAct
from rituals.topics.flow import Kind, Stage
from rituals.topics.models.topic import TopicRefused
from tests.conftest import ClientOf
from tests.factories import fresh, put_ask, raise_topic

HTMX = {"HX-Request": "true"}
WORDS = "The evenings at your brother's"


def post(client: Client, topic: Topic, noun: str, **posted: str) -> str:
    """Post one step as the page would, and return the page that follows."""
    posted = {"client_key": str(uuid.uuid4()), "revision": "1", **posted}
    return client.post(f"/topics/{topic.pk}/{noun}/", posted, follow=True).content.decode()


def keep(client: Client, **posted: str) -> Topic:
    """Write something down on the page, and return it."""
    client.post("/topics/new/", {"client_key": str(uuid.uuid4()), **posted})
    return Topic.objects.latest("created_at")


def page_of(client: Client, topic: Topic) -> str:
    return client.get(f"/topics/{topic.pk}/").content.decode()


def everything(client: Client, topic: Topic) -> str:
    urls = ["/", "/us/", "/topics/", f"/topics/{topic.pk}/"]
    pages = [client.get(url, headers=headers) for url in urls for headers in ({}, HTMX)]
    whole = "".join(page.content.decode() for page in pages)
    return re.sub(r'"[0-9a-zA-Z-]{36,64}"|data-day-left="\d+"', "", whole)


def test_from_draft_to_dealt_with(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    mine, theirs = client_of(ana), client_of(ben)
    keep(mine, about="plan", words=WORDS)
    topic = Topic.objects.get()
    assert WORDS not in everything(theirs, topic).replace("&#x27;", "'")
    post(mine, topic, "raising")
    assert "A plan from Ana" in theirs.get("/").content.decode()
    assert "You have heard it." in post(theirs, topic, "hearings", kind="heard")
    assert "Ben has heard it." in page_of(mine, topic)
    assert "It closes when Ben says so too." in post(mine, topic, "closings", kind="dealt")
    assert "You have both dealt with this." in post(theirs, topic, "closings", kind="dealt")
    topic.refresh_from_db()
    assert (topic.stage, topic.closed_on) == (Stage.DEALT_WITH, ana.couple.today(database_now()))
    assert "Closed" in mine.get("/topics/").content.decode()


def test_a_draft_is_known_to_its_author_alone(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic = Topic.draft(by=ana, about="concern", words=WORDS)
    theirs = client_of(ben)
    for noun in ("", "draft/", "removal/", "raising/", "hearings/", "closings/", "muting/"):
        url = f"/topics/{topic.pk}/{noun}"
        assert theirs.post(url, {"kind": "heard"}).status_code in {404, 405}
        assert theirs.get(url).status_code in {404, 405}
    assert "brother" not in everything(theirs, topic)


def test_a_draft_is_changed_and_thrown_away(ana: Partner, client_of: ClientOf) -> None:
    topic, client = Topic.draft(by=ana, about="request", words=WORDS), client_of(ana)
    url = f"/topics/{topic.pk}/draft/"
    client.post(url, {"about": "concern", "words": "Something else", "revision": "1"})
    assert Topic.objects.get().words == "Something else"
    empty = client.post(url, {"about": "plan", "words": " ", "revision": "2"})
    assert empty.status_code == 422
    post(client, topic, "removal")
    assert not Topic.objects.exists()


def test_a_double_tap_keeps_one_draft(ana: Partner, client_of: ClientOf) -> None:
    client, key = client_of(ana), str(uuid.uuid4())
    made = {keep(client, about="plan", words=WORDS, client_key=key).pk for _time in range(3)}
    assert (len(made), Topic.objects.count()) == (1, 1)


def test_two_phones_of_one_person_lose_nothing(ana: Partner, client_of: ClientOf) -> None:
    topic, client = Topic.draft(by=ana, about="plan", words="First words"), client_of(ana)
    url = f"/topics/{topic.pk}/draft/"
    for _time in range(2):  # the same change sent again is harmless
        client.post(url, {"about": "plan", "words": "On the laptop", "revision": "1"})
    late = client.post(url, {"about": "plan", "words": "On the phone", "revision": "1"})
    page = late.content.decode()
    assert late.status_code == 422
    assert "changed this draft elsewhere since" in page
    assert "On the phone" in page
    assert "On the laptop" in page
    assert 'name="revision" value="2"' in page
    assert "Please read it once more" in post(client, topic, "raising", revision="1")
    assert not Topic.objects.get().raised_at
    client.post(url, {"about": "plan", "words": "On the phone", "revision": "2"})
    assert Topic.objects.get().words == "On the phone"
    post(client, topic, "raising", revision="3")
    assert Topic.objects.get().raised_at


def raise_from_page(client: Client, topic: Topic, words: str, **changes: str) -> str:
    """Type over what the draft's page shows, tap its *Raise it*, and return what follows."""
    page = client.get(f"/topics/{topic.pk}/draft/").content.decode()
    form = next(each for each in page.split("<form")[1:] if 'name="words"' in each)
    form = form.split("</form>")[0]
    button = next(each for each in form.split("<button")[1:] if "Raise it with" in each)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    to = re.search(r'formaction="([^"]+)"', button)
    assert to
    typed = {"about": topic.about, "words": words, **hidden, **changes}
    return client.post(to[1], typed, follow=True).content.decode()


def test_what_stands_in_the_field_is_what_is_raised(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic = Topic.draft(by=ana, about="plan", words="You never ring")
    raise_from_page(client_of(ana), topic, "A call at six would help me", about="concern")
    raised = Topic.objects.get()
    assert (raised.words, raised.about) == ("A call at six would help me", "concern")
    page = page_of(client_of(ben), topic)
    assert "A call at six would help me" in page
    assert "You never ring" not in page


def test_what_cannot_be_raised_stays_in_its_field(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic, client = Topic.draft(by=ana, about="plan", words="First words"), client_of(ana)
    waiting = [raise_topic(by=ana) for _number in range(5)]
    page = raise_from_page(client, topic, "Other words")
    assert all(words in page for words in ("there is room", "Other words"))
    assert "There is nothing written here yet." in raise_from_page(client, topic, " ")
    assert not Topic.objects.get(pk=topic.pk).raised_at
    waiting[0].act(Kind.HEARD, by=ben, client_key=uuid.uuid4())
    raise_from_page(client, topic, "Other words")
    assert Topic.objects.get(pk=topic.pk).words == "Other words"


def test_what_was_raised_on_another_phone_gives_the_typed_words_back(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic, client = Topic.draft(by=ana, about="plan", words="On the laptop"), client_of(ana)
    key = {"client_key": str(uuid.uuid4()), "revision": "1", "about": "plan"}
    topic.bring_up(by=ana, client_key=uuid.uuid4())
    page = client.post(
        f"/topics/{topic.pk}/raising/", {**key, "words": "On the phone"}, follow=True
    )
    assert all(words in page.content.decode() for words in ("On the laptop", "On the phone"))
    assert Topic.objects.get().words == "On the laptop"


def test_raising_sent_again_changes_nothing(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic, key = Topic.draft(by=ana, about="plan", words="First words"), str(uuid.uuid4())
    posted = {"client_key": key, "revision": "1", "about": "plan", "words": "Other words"}
    for _time in range(3):
        page = client_of(ana).post(f"/topics/{topic.pk}/raising/", posted, follow=True)
        assert "It is with Ben." in page.content.decode()
    assert (Topic.objects.get().words, TopicAct.objects.count()) == ("Other words", 1)


def test_what_was_raised_keeps_its_words(ana: Partner) -> None:
    topic = raise_topic(by=ana)
    with pytest.raises(TopicRefused):
        topic.rewrite(by=ana, about="plan", words="Other words", revision=1)
    with pytest.raises(TopicRefused):
        topic.throw_away(by=ana)


def test_a_concern_says_its_promise_and_what_it_never_covers(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic = raise_topic(by=ana, about="concern")
    for who in (ana, ben):
        page = page_of(client_of(who), topic)
        for words in ("a promise, not a lock", "confidants of your own", "nobody has to name them"):
            assert words in page
        assert "never covers safety, a therapist, a doctor or a helpline" in page
    plan = raise_topic(by=ana, about="plan")
    assert "a promise, not a lock" not in page_of(client_of(ben), plan)


def test_the_promise_ends_when_the_other_says_yes(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic = raise_topic(by=ana, about="concern")
    post(client_of(ana), topic, "leaves", kind="may_i", words="my sister")
    assert "my sister" in page_of(client_of(ben), topic)
    assert "my sister" not in client_of(ben).get("/").content.decode()
    assert "The promise has ended." in post(client_of(ben), topic, "leaves", kind="yes_do")
    assert "The promise has ended." in page_of(client_of(ana), topic)


def test_the_promise_ends_by_itself_after_fourteen_days(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic = raise_topic(by=ana, about="concern")
    post(client_of(ana), topic, "leaves", kind="may_i", words="my sister")
    today = ana.couple.today(database_now())
    for days, ended in ((13, False), (14, True)):
        Topic.objects.update(raised_on=today - timedelta(days=days))
        assert ("The promise has ended." in page_of(client_of(ben), topic)) is ended
    page = post(client_of(ben), topic, "leaves", kind="yes_do")
    assert "nobody needs to ask" in page


def test_without_a_name_the_question_asks_for_one(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic = raise_topic(by=ana, about="concern")
    page = post(client_of(ana), topic, "leaves", kind="may_i", words=" ")
    assert "With whom would you like to talk about it?" in page


def test_five_unanswered_topics_and_asks_together(ana: Partner, ben: Partner) -> None:
    topics = [raise_topic(by=ana) for _number in range(3)]
    for _number in range(2):
        put_ask(by=ana)
    with pytest.raises(AskRefused):
        put_ask(by=ana)
    with pytest.raises(TopicRefused):
        raise_topic(by=ana)
    topics[0].act(Kind.HEARD, by=ben, client_key=uuid.uuid4())
    raise_topic(by=ana)


def test_a_silence_is_no_veto(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    """Five that are ignored or muted: each can be let go, and makes room."""
    topics = [raise_topic(by=ana, words=WORDS) for _number in range(5)]
    for each in topics[:3]:
        post(client_of(ben), each, "muting")
    mine, theirs = client_of(ana), client_of(ben)
    for topic in topics:
        with pytest.raises(AskRefused, match="or you let one go"):
            put_ask(by=ana)
        assert "Let it go for now" not in page_of(theirs, topic)
        assert "You let it go for now." in post(mine, topic, "withdrawals", kind="let_go")
        assert "Ana let it go for now." in page_of(theirs, topic)
        put_ask(by=ana)
    assert "brother" not in theirs.get("/").content.decode()
    assert not ana.couple.topics.open().exists()


def test_what_its_raiser_has_dealt_with_asks_for_nothing_and_makes_room(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topics = [raise_topic(by=ana, words=WORDS) for _number in range(5)]
    post(client_of(ana), topics[0], "closings", kind="dealt")
    assert client_of(ben).get("/").content.decode().count("brother") == 4
    raise_topic(by=ana)
    with pytest.raises(TopicRefused):
        raise_topic(by=ana)
    assert "Ana has dealt with it." in page_of(client_of(ben), topics[0])


def test_what_was_heard_is_no_longer_let_go(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic = raise_topic(by=ana)
    post(client_of(ben), topic, "hearings", kind="heard")
    assert "Let it go for now" not in page_of(client_of(ana), topic)
    page = post(client_of(ana), topic, "withdrawals", kind="let_go")
    assert "Things have moved on" in page


def test_muting_a_topic_is_silent(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    topic = raise_topic(by=ana, words=WORDS)
    before = everything(client_of(ana), topic)
    post(client_of(ben), topic, "muting")
    assert everything(client_of(ana), topic) == before
    assert "brother" not in client_of(ben).get("/").content.decode()
    post(client_of(ben), topic, "unmuting")
    assert "brother" in client_of(ben).get("/").content.decode()


def test_a_tap_sent_again_changes_nothing(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    topic, key = raise_topic(by=ana), str(uuid.uuid4())
    for _time in range(3):
        post(client_of(ben), topic, "hearings", kind="heard", client_key=key)
    assert TopicAct.objects.count() == 2


def test_what_no_longer_fits_says_so_and_keeps_what_was_typed(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic = raise_topic(by=ana, about="concern")
    post(client_of(ben), topic, "leaves", kind="may_i", words="my sister")
    page = post(client_of(ana), topic, "leaves", kind="may_i", words="an old friend")
    assert "Things have moved on" in page
    assert "an old friend" in page


def test_alone_a_topic_waits_as_a_draft(cleo: Person) -> None:
    alone = fresh(Couple.start(by=cleo, day_zone="UTC"))
    with pytest.raises(TopicRefused, match="not here yet"):
        raise_topic(by=alone)


def test_acts_of_a_topic_cannot_be_changed_or_deleted(ana: Partner) -> None:
    raise_topic(by=ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        TopicAct.objects.update(kind="heard")
    with pytest.raises(IntegrityError), transaction.atomic():
        TopicAct.objects.all().delete()


@pytest.mark.usefixtures("much_at_once")
def test_pages_ask_a_fixed_number_of_queries(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(25):
        topic = raise_topic(by=ana)
        for by in (ana, ben):
            topic.act(Kind.DEALT, by=by, client_key=uuid.uuid4())
    for _number in range(25):
        Topic.draft(by=ana, about="plan", words=WORDS)
    open_one, client = raise_topic(by=ana, about="concern"), client_of(ana)
    for url, most in (("/topics/", 6), (f"/topics/{open_one.pk}/", 6)):
        with django_assert_max_num_queries(most):
            client.get(url)
    page = client.get("/topics/").content.decode()
    assert "?closed=" in page
    assert "?drafts=" in page
