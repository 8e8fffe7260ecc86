"""A repair on two phones: what each sees, and what is kept from whom."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from couples.append_only import retention
from couples.clock import database_now
from couples.models import Couple, Partner, Person
from repairs.models import ActRefused, Repair, RepairAct
from repairs.terms import Kind, Stage
from tests.conftest import ClientOf
from tests.factories import act, fresh, share_repair
from tests.repairs.pages import steady

SECRET = "the sentence nobody else may read yet"
HTMX = {"HX-Request": "true"}
KEY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def settled(ana: Partner, ben: Partner) -> Repair:
    """A repair in which both have settled."""
    repair = share_repair(by=ana)
    for by, kind in ((ben, Kind.NOW), (ana, Kind.SETTLED), (ben, Kind.SETTLED)):
        act(repair, by=by, kind=kind)
    return repair


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Return what the live line tells from here on: to whom, and the names of page parts."""
    events: list[tuple[str, ...]] = []

    def note(couple: Couple, *names: str, to: list[Partner] | None = None) -> None:
        people = couple.together if to is None else to
        events.extend((who.name, *names) for who in people)

    monkeypatch.setattr(Couple, "publish", note)
    return events


def post(client: Client, repair: Repair, noun: str, **posted: str) -> str:
    """Post one step without a script and return the page that follows."""
    posted.setdefault("client_key", str(uuid.uuid4()))
    return client.post(f"/repairs/{repair.pk}/{noun}/", posted, follow=True).content.decode()


def all_pages(client: Client, repair: Repair) -> str:
    """Return everything this person can open about it, whole and as partials."""
    urls = ["/", "/us/", "/repairs/", f"/repairs/{repair.pk}/"]
    pages = [client.get(url, headers=headers) for url in urls for headers in ({}, HTMX)]
    return "".join(page.content.decode() for page in pages)


def test_a_draft_is_known_to_its_author_alone(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    draft = Repair.draft(by=ana, door="i_was_hurt", happened=SECRET, how_much=2)
    assert SECRET in client_of(ana).get(f"/repairs/{draft.pk}/draft/").content.decode()
    theirs = client_of(ben)
    for noun in ("", "draft/", "removal/", "hurts/"):
        url = f"/repairs/{draft.pk}/{noun}"
        assert theirs.post(url, {"kind": "hurt"}).status_code in {404, 405}
        assert theirs.get(url).status_code in {404, 405}
    assert SECRET not in theirs.get("/repairs/").content.decode()


def test_a_draft_is_written_changed_and_thrown_away(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    kept = {"door": "i_was_hurt", "happened": "You shouted.", "how_much": "4"}
    for _tap in range(2):  # one tap that arrives twice keeps one draft
        client.post("/repairs/new/", {**kept, "client_key": KEY})
    draft = Repair.objects.get()
    changed = {**kept, "happened": "You shouted, twice.", "client_key": str(uuid.uuid4())}
    client.post(f"/repairs/{draft.pk}/draft/", changed)
    draft = Repair.objects.get()
    assert (draft.happened, draft.how_much) == ("You shouted, twice.", "4")
    client.post(f"/repairs/{draft.pk}/removal/")
    assert not Repair.objects.exists()


def test_a_draft_with_a_gap_keeps_what_was_typed(ana: Partner, client_of: ClientOf) -> None:
    page = client_of(ana).post("/repairs/new/", {"happened": SECRET, "how_much": "9"})
    assert page.status_code == 422
    assert SECRET in page.content.decode()
    assert "Please choose a number from 1 to 5, or none." in page.content.decode()


def test_the_invitation_says_nothing_of_what_happened_until_both_have_settled(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = share_repair(by=ana, happened=SECRET)
    theirs = client_of(ben)
    act(repair, by=ben, kind=Kind.NOW)
    act(repair, by=ben, kind=Kind.SETTLED)
    assert SECRET not in all_pages(theirs, repair)
    act(repair, by=ana, kind=Kind.SETTLED)
    assert SECRET in all_pages(theirs, repair)


def test_a_hurt_is_hidden_until_both_have_written(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    mine, theirs = client_of(ana), client_of(ben)
    post(mine, settled, "hurts", kind="hurt", words=SECRET)
    assert SECRET not in all_pages(theirs, settled)
    page = post(theirs, settled, "hurts", kind="no_hurt")
    assert SECRET in page


def test_that_the_other_had_nothing_to_say_is_hidden_too(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    before = client_of(ana).get(f"/repairs/{settled.pk}/", headers=HTMX).content.decode()
    act(settled, by=ben, kind=Kind.NO_HURT)
    nothing = client_of(ana).get(f"/repairs/{settled.pk}/", headers=HTMX).content.decode()
    assert "no_hurt" in before  # the button, for ana's own answer
    assert nothing.count("no_hurt") == before.count("no_hurt")


def test_an_empty_hurt_gets_a_message(ana: Partner, settled: Repair, client_of: ClientOf) -> None:
    page = post(client_of(ana), settled, "hurts", kind="hurt", words="   ")
    assert "There is nothing written here yet." in page


def test_a_step_that_no_longer_fits_says_so_and_keeps_the_words(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    for by in (ana, ben):
        act(settled, by=by, kind=Kind.NO_HURT)
    page = post(client_of(ana), settled, "hurts", kind="hurt", words=SECRET)
    assert "Things have moved on" in page
    assert SECRET in page


def test_a_step_sent_again_changes_nothing(
    ana: Partner, settled: Repair, client_of: ClientOf
) -> None:
    key = str(uuid.uuid4())
    for _time in range(3):
        post(client_of(ana), settled, "hurts", kind="hurt", words="once", client_key=key)
    assert RepairAct.objects.filter(kind="hurt").count() == 1


WAYS_OUT = {
    "a break": {"minutes": "60"},
    "a pause": {},
    "set down": {"aside": "yes"},
    "not safe": {"aside": "yes", "then": "safety"},
}


def test_the_four_ways_out_look_the_same_from_the_other_phone(
    ana: Partner,
    ben: Partner,
    settled: Repair,
    client_of: ClientOf,
    told: list[tuple[str, ...]],
) -> None:
    """Byte for byte on every page, and in what the live line sends."""
    theirs, seen = client_of(ben), {}
    for way, posted in WAYS_OUT.items():
        told.clear()
        post(client_of(ana), settled, "pauses", kind="rest", **posted)
        seen[way] = (steady(all_pages(theirs, settled)), tuple(told))
        post(client_of(ana), settled, "returns", kind="back")
    assert len(set(seen.values())) == 1
    page, events = seen["not safe"]
    assert "Ana is resting" in page
    assert events == (("Ana", "repair", "today"), ("Ben", "repair", "today"))


def test_a_return_time_is_shown_only_if_its_owner_chose_to(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    mine, theirs = client_of(ana), client_of(ben)
    post(mine, settled, "pauses", kind="rest", minutes="60")
    assert "Ana will be back" not in all_pages(theirs, settled)
    assert "You said: back" in all_pages(mine, settled)
    post(mine, settled, "returns", kind="back")
    post(mine, settled, "pauses", kind="rest", minutes="60", shows_time="yes")
    assert "Ana will be back" in all_pages(theirs, settled)


def test_what_is_set_down_leaves_ones_own_today_alone(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    mine, theirs = client_of(ana), client_of(ben)
    here = f"/repairs/{settled.pk}/"
    post(mine, settled, "pauses", kind="rest")
    assert here in mine.get("/").content.decode()
    post(mine, settled, "returns", kind="back")
    post(mine, settled, "pauses", kind="rest", aside="yes")
    assert here not in mine.get("/").content.decode()
    assert here in mine.get("/repairs/").content.decode()
    assert here in theirs.get("/").content.decode()


def test_not_feeling_safe_leads_to_the_safety_page_and_keeps_a_plain_rest(
    ana: Partner, settled: Repair, client_of: ClientOf
) -> None:
    page = post(client_of(ana), settled, "pauses", kind="rest", then="safety")
    assert "What harm can look like" in page
    rest = RepairAct.objects.latest("done_at")
    assert (rest.kind, rest.words, rest.promised_at) == ("rest", None, None)


def test_one_shared_repair_at_a_time_and_resting_makes_room(
    ana: Partner, ben: Partner, settled: Repair
) -> None:
    second = Repair.draft(by=ben, door="i_hurt_you", happened="Later.", how_much=1)
    with pytest.raises(ActRefused, match="One at a time"):
        second.invite(by=ben, client_key=uuid.uuid4())
    act(settled, by=ana, kind=Kind.REST)
    second.invite(by=ben, client_key=uuid.uuid4())
    with pytest.raises(ActRefused, match="One at a time"):
        act(settled, by=ana, kind=Kind.BACK)


def test_acts_cannot_be_changed_or_deleted_except_by_retention(settled: Repair) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RepairAct.objects.update(kind="rest")
    with pytest.raises(IntegrityError), transaction.atomic():
        RepairAct.objects.filter(repair=settled).delete()
    with retention():
        assert RepairAct.objects.filter(repair=settled).update(kind="rest")


def test_what_is_stored_beside_the_acts_follows_from_them(
    ana: Partner, ben: Partner, settled: Repair
) -> None:
    settled.refresh_from_db()
    assert (settled.stage, settled.resting) == (Stage.HURT, False)
    act(settled, by=ben, kind=Kind.REST)
    settled.refresh_from_db()
    assert settled.resting


def test_mended_is_a_day_and_shows_as_one(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    for _stage in (Stage.HURT, Stage.PART, Stage.US):
        for by in (ana, ben):
            act(settled, by=by, kind=Kind.IN_PERSON)
    for by in (ana, ben):
        act(settled, by=by, kind=Kind.SAFE_YES)
    settled.refresh_from_db()
    assert settled.mended_on == ana.couple.today(database_now())
    assert "Mended" in client_of(ana).get("/repairs/").content.decode()


def test_without_a_partner_a_hurt_waits_as_a_draft(cleo: Person) -> None:
    alone = fresh(Couple.start(by=cleo, day_zone="UTC"))
    draft = Repair.draft(by=alone, door="i_was_hurt", happened="x", how_much=1)
    with pytest.raises(ActRefused, match="not here yet"):
        draft.invite(by=alone, client_key=uuid.uuid4())


def test_a_promised_time_lies_within_48_hours(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = share_repair(by=ana)
    post(client_of(ben), repair, "beginnings", kind="later", minutes="2880")
    told = RepairAct.objects.get(kind="later")
    assert told.promised_at is not None
    assert told.promised_at <= database_now() + timedelta(hours=48)
    assert "The time you two have" in all_pages(client_of(ana), repair)


def test_a_promise_to_begin_names_a_time(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    repair = share_repair(by=ana)
    page = post(client_of(ben), repair, "beginnings", kind="later")
    assert "Please choose one of the times." in page
    assert not RepairAct.objects.filter(kind="later").exists()


def test_a_room_asks_a_fixed_number_of_queries(
    ana: Partner,
    ben: Partner,
    settled: Repair,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(ana)
    with django_assert_max_num_queries(5):
        client.get(f"/repairs/{settled.pk}/")
