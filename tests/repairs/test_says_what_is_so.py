"""What the room says is so: of breaks and times gone by, of accounts, parts, and what was left."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest

from couples.clock import database_now
from couples.models import Partner
from repairs.models import Particulars, Repair, promises
from repairs.terms import Kind, Stage
from tests.conftest import ClientOf
from tests.factories import act, share_repair
from tests.repairs.test_reminders import later, rest, standing
from tests.repairs.test_room import post, settled, told
from tests.repairs.way import page_of, room_of

__all__ = ["settled", "told"]
pytestmark = pytest.mark.django_db

SAW, NEXT = "how-it-looked-from-here", "next-time-I-will-ask"


def small(by: Partner, *, about: str = "") -> Repair:
    return Repair.begin(Kind.SMALL, "my part", by=by, about=about, client_key=uuid.uuid4())


def stuck(repair: Repair, ana: Partner, ben: Partner) -> None:
    """Three rounds of saying back that were not quite it yet."""
    act(repair, by=ana, kind=Kind.HURT, words="hurt")
    act(repair, by=ben, kind=Kind.NO_HURT)
    for _round in range(3):
        act(repair, by=ben, kind=Kind.ECHO, words="heard")
        act(repair, by=ana, kind=Kind.NOT_QUITE)


def go_the_whole_way(repair: Repair, ana: Partner, ben: Partner) -> None:
    """From the second part of a small repair to what hurt."""
    act(repair, by=ben, kind=Kind.NO_PART)
    for kind in (Kind.US, Kind.SAFE_NOT_YET):
        for each in (ana, ben):
            act(repair, by=each, kind=kind, words="us" if kind is Kind.US else None)
    act(repair, by=ana, kind=Kind.AGAIN_HURT)
    for each in (ana, ben):
        act(repair, by=each, kind=Kind.SETTLED)


# --- Ways out ------------------------------------------------------------------------------------


def test_the_way_to_safety_leads_there_when_things_have_moved_on(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    act(settled, by=ana, kind=Kind.REST)
    for kind in ("rest", "no-such-kind"):
        page = post(client_of(ana), settled, "pauses", kind=kind, then="safety")
        assert "What harm can look like" in page
    assert 'href="/safety/">I don' in page_of(client_of, ana, settled)


def test_whoever_says_back_can_be_not_there_yet(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    act(settled, by=ana, kind=Kind.HURT, words="hurt")
    act(settled, by=ben, kind=Kind.NO_HURT)
    assert "Not there yet" in page_of(client_of, ben, settled)
    assert "Not there yet" not in page_of(client_of, ana, settled)


def test_what_is_said_to_stay_on_the_phone_stands_beside_nothing_that_sends(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = share_repair(by=ben)
    act(repair, by=ana, kind=Kind.NOW)
    page = page_of(client_of, ana, repair)
    claims = [part for part in page.split("<section") if "not sent and not kept" in part]
    assert len(claims) == 1
    assert not {"<form", "<button"} & set(re.findall(r"<\w+", claims[0].split("</section>")[0]))
    assert "is sent or kept" not in page
    # Whoever is not there yet reads what that tells.
    act(repair, by=ana, kind=Kind.SETTLED)
    act(repair, by=ben, kind=Kind.SETTLED)
    for stage in (page, page_of(client_of, ana, repair)):
        after = stage.split("Not there yet")[1]
        assert "Ben then sees “resting”." in after[: after.index("</div>")]


# --- Breaks and times ----------------------------------------------------------------------------


def test_a_break_that_is_over_promises_nothing_while_both_rest_until_a_session(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    more = Particulars(promised_at=database_now() + timedelta(hours=3), shows_time=True)
    settled.act(by=ana, kind=Kind.REST, client_key=uuid.uuid4(), more=more)
    assert "and will be back" in page_of(client_of, ben, settled)
    act(settled, by=ana, kind=Kind.BACK)
    stuck(settled, ana, ben)
    for each in (ana, ben):
        act(settled, by=each, kind=Kind.BRING)
    assert "You said: back" not in page_of(client_of, ana, settled)
    assert standing(promises.RETURN) == []
    act(settled, by=ben, kind=Kind.BACK)
    for page in (page_of(client_of, ben, settled), client_of(ben).get("/").content.decode()):
        assert "Ana is resting." in page or "Resting." in page
        assert "Ana will be back" not in page


def test_what_was_brought_to_a_session_can_be_brought_there_again(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    stuck(settled, ana, ben)
    for each in (ana, ben):
        act(settled, by=each, kind=Kind.BRING)
    act(settled, by=ana, kind=Kind.BACK)
    page = page_of(client_of, ana, settled)
    assert "You would bring this to a session" not in page
    assert "Bring it to a session" in page


def test_a_time_that_has_gone_by_is_said_no_more(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair, now = share_repair(by=ana), database_now()
    gone = Particulars(promised_at=now - timedelta(minutes=1), shows_time=True)
    for kind in (Kind.LATER, Kind.REST):
        repair.act(by=ben, kind=kind, client_key=uuid.uuid4(), more=gone)
    pages = [page_of(client_of, each, repair) for each in (ana, ben)]
    pages += [client_of(each).get("/repairs/").content.decode() for each in (ana, ben)]
    for page in pages:
        assert "Ben will be back" not in page
        assert "and will be back" not in page
        assert "You said: back" not in page
        assert "The time you two have" not in page
    assert "Ben is resting." in pages[0]


def test_a_promise_is_kept_by_whoever_rests_meanwhile(ana: Partner, ben: Partner) -> None:
    repair = share_repair(by=ana)
    later(repair, ben, minutes=60)
    rest(repair, ben)
    assert standing(promises.BEGINS) == ["Ana", "Ben"]
    rest(repair, ana)
    assert standing(promises.BEGINS) == ["Ben"]


def test_a_promised_time_can_be_changed_on_the_page_that_told_of_it(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    """What a page keeps in place over a change goes by its id, and the key of a tap is in it."""
    repair = share_repair(by=ana)
    before = page_of(client_of, ben, repair)
    fold = before.split('<details class="fold" id="later-')[1].split('"')[0]
    later(repair, ben, minutes=180)
    assert f'"later-{fold}"' not in page_of(client_of, ben, repair)


# --- Accounts and parts --------------------------------------------------------------------------


def test_an_account_is_read_where_a_small_repair_had_no_line_and_each_can_add_one(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = small(ana)
    go_the_whole_way(repair, ana, ben)
    for each in (ana, ben):
        assert "Add how I saw it" in page_of(client_of, each, repair)
        act(repair, by=each, kind=Kind.ACCOUNT, words=f"{SAW}-{each.seat}")
    assert f"{SAW}-1" not in page_of(client_of, ben, repair)
    for each in (ana, ben):
        act(repair, by=each, kind=Kind.NO_HURT)
    for each in (ana, ben):
        page = page_of(client_of, each, repair)
        assert f"{SAW}-1" in page
        assert f"{SAW}-2" in page


def test_an_account_that_nobody_read_stays_with_its_author_who_can_take_it_out(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    act(settled, by=ben, kind=Kind.ACCOUNT, words=SAW)
    for each in (ana, ben):
        act(settled, by=each, kind=Kind.IN_PERSON)
    assert Repair.objects.get(pk=settled.pk).stage == Stage.PART
    page = page_of(client_of, ben, settled)
    assert page.count(SAW) == 1
    assert "Only you can read this" in page
    assert SAW not in page_of(client_of, ana, settled)
    said = room_of(ben, settled).account_kept
    assert said is not None
    assert SAW not in post(client_of(ben), settled, "unsaid", kind="unsay", said=str(said.act))


def test_the_other_is_told_nothing_of_an_account_that_waits(
    ana: Partner, ben: Partner, settled: Repair, told: list[tuple[str, ...]]
) -> None:
    for words in (SAW, "otherwise"):
        act(settled, by=ben, kind=Kind.ACCOUNT, words=words)
    said = room_of(ben, settled).my_account
    assert said is not None
    about = Particulars(about=room_of(ben, settled).state.accounts[ben.seat])
    settled.act(by=ben, kind=Kind.UNSAY, client_key=uuid.uuid4(), more=about)
    assert told == [("Ben", "repair", "today")] * 3
    act(settled, by=ben, kind=Kind.HURT, words="hurt")
    assert ("Ana", "repair", "today") in told


def test_what_rested_by_itself_and_is_woken_by_an_account_is_told_to_both(
    ana: Partner, ben: Partner, settled: Repair, told: list[tuple[str, ...]]
) -> None:
    Repair.objects.filter(pk=settled.pk).update(resting=True)
    settled.refresh_from_db()
    act(settled, by=ben, kind=Kind.ACCOUNT, words=SAW)
    assert not Repair.objects.get(pk=settled.pk).resting
    assert ("Ana", "repair", "today") in told


def test_a_part_is_said_to_be_there_only_while_it_is(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = small(ana, about="The dishes")
    assert "has written a part" in page_of(client_of, ben, repair)
    act(repair, by=ana, kind=Kind.CHANGE)
    assert "has written a part" not in page_of(client_of, ben, repair)


def test_a_next_time_taken_back_beside_no_part_leaves_unsaid(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    for each in (ana, ben):
        act(settled, by=each, kind=Kind.NO_HURT)
    more = Particulars(next_time=NEXT)
    settled.act(by=ana, kind=Kind.NO_PART, client_key=uuid.uuid4(), more=more)
    act(settled, by=ben, kind=Kind.NO_PART)
    assert NEXT in page_of(client_of, ben, settled)
    number = next(a.number for a in settled.story if a.next_time)
    unsay = Particulars(about=number)
    settled.act(by=ana, kind=Kind.UNSAY, client_key=uuid.uuid4(), more=unsay)
    page = page_of(client_of, ben, settled)
    assert NEXT not in page
    assert "Next time I will … <p>unsaid</p>" in page or "Next time I will … unsaid" in page


# --- Face to face --------------------------------------------------------------------------------


def test_face_to_face_stands_before_what_is_written(
    ana: Partner, settled: Repair, client_of: ClientOf
) -> None:
    page = page_of(client_of, ana, settled)
    assert page.index("If you are together") < page.index("<textarea")


def test_in_person_closes_the_stage_that_was_on_the_page_and_no_other(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    assert 'name="at" value="hurt"' in page_of(client_of, ben, settled)
    for each in (ana, ben):
        act(settled, by=each, kind=Kind.NO_HURT)
    page = post(client_of(ben), settled, "in-person", kind="in_person", at="hurt")
    assert "Things have moved on" in page
    assert not room_of(ben, settled).i_in_person
    post(client_of(ben), settled, "in-person", kind="in_person", at="part")
    assert room_of(ben, settled).i_in_person
