"""What the room says at each stage: not there yet is an answer, and times that were promised."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from couples.clock import database_now
from couples.days import DAY
from couples.models import Partner, Reminder
from repairs.models import Particulars, Repair, promises
from repairs.terms import Kind, Stage
from tests.conftest import ClientOf
from tests.factories import act, share_repair
from tests.repairs.test_afterwards import do, held, mended
from tests.repairs.test_reminders import standing, wanted
from tests.repairs.way import WAY, page_of, room_of

__all__ = ["held", "mended"]
pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}

NOT_THERE = {
    Stage.INVITED: "A little later",
    Stage.SETTLING: "Not there yet",
    Stage.HURT: "Not there yet",
    Stage.ECHO: "Not quite yet",
    Stage.PART: "Not there yet",
    Stage.RECEIVE: "Not there yet",
    Stage.US: "Not there yet",
    Stage.SAFE: "Not yet",
}


def test_each_step_answers_in_one_request_and_each_question_takes_not_there_yet(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair, seen = share_repair(by=ana), set()
    for seat, kind, noun in WAY:
        who = (ana, ben)[seat - 1]
        stage = Stage(Repair.objects.get(pk=repair.pk).stage)
        if (kind, stage) != (Kind.ECHO, Stage.ECHO):  # whoever says back has no answer to give
            assert NOT_THERE[stage] in page_of(client_of, who, repair)
            seen.add(stage)
        posted = {"kind": kind, "client_key": str(uuid.uuid4())}
        if kind in {Kind.HURT, Kind.ECHO, Kind.PART, Kind.US}:
            posted["words"] = "words"
        answer = client_of(who).post(f"/repairs/{repair.pk}/{noun}/", posted, headers=HTMX)
        assert (answer.status_code, 'id="room"' in answer.content.decode()) == (200, True)
    assert seen == set(NOT_THERE)
    assert Repair.objects.get(pk=repair.pk).stage == Stage.MENDED


def test_at_saying_back_and_taking_in_too_each_has_a_progress_of_their_own(
    ana: Partner, ben: Partner
) -> None:
    repair = share_repair(by=ana)
    for seat, kind, _noun in WAY[:5]:
        act(repair, by=(ana, ben)[seat - 1], kind=kind, words="w" if kind is Kind.HURT else None)
    assert (room_of(ana, repair).mine_done, room_of(ana, repair).theirs_done) == (4, 3)
    act(repair, by=ben, kind=Kind.ECHO, words="heard")
    assert (room_of(ana, repair).mine_done, room_of(ana, repair).theirs_done) == (3, 4)
    before = room_of(ben, repair)
    act(repair, by=ana, kind=Kind.REST)
    after = room_of(ben, repair)
    assert (after.mine_done, after.theirs_done) == (before.mine_done, before.theirs_done)


def test_times_that_were_promised_stand_on_today(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = share_repair(by=ana)
    at = database_now() + timedelta(hours=3)
    more = Particulars(promised_at=at)
    repair.act(by=ben, kind=Kind.LATER, client_key=uuid.uuid4(), more=more)
    for each in (ana, ben):
        assert "The time you two have: " in client_of(each).get("/").content.decode()
    act(repair, by=ben, kind=Kind.NOW)
    shown = Particulars(promised_at=at, shows_time=True)
    repair.act(by=ana, kind=Kind.REST, client_key=uuid.uuid4(), more=shown)
    assert "Ana will be back " in client_of(ben).get("/").content.decode()
    assert "You said: back " in client_of(ana).get("/").content.decode()
    act(repair, by=ana, kind=Kind.BACK)
    repair.act(by=ben, kind=Kind.REST, client_key=uuid.uuid4(), more=more)
    page = client_of(ana).get("/").content.decode()
    assert "will be back" not in page
    assert "You said" not in page


def test_on_the_way_back_today_asks_the_next_day(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    then = database_now() - DAY
    repair = Repair.begin(Kind.SMALL, "mine", by=ana, client_key=uuid.uuid4(), now=then)
    do(repair, ben, Kind.NO_PART, now=then)
    for kind in (Kind.US, Kind.SAFE_GETTING):
        for by in (ana, ben):
            do(repair, by, kind, "us" if kind is Kind.US else None, now=then)
    assert "Your turn" in client_of(ana).get("/").content.decode()
    for by in (ana, ben):
        do(repair, by, Kind.SAFE_GETTING)
    assert "You are both asked again tomorrow." in client_of(ana).get("/").content.decode()
    # An early answer moves nobody's reminder.
    due = Reminder.objects.standing().filter(kind=promises.ON_THE_WAY)
    before = due.get(person=ben.person_id).due_at
    do(repair, ana, Kind.SAFE_YES)
    assert [(each.person_id, each.due_at) for each in due] == [(ben.person_id, before)]


def test_to_ask_once_more_leaves_a_promised_time(ana: Partner, ben: Partner) -> None:
    then = database_now() - DAY
    repair = Repair.draft(by=ana, door="i_was_hurt", happened="x")
    repair.invite(by=ana, client_key=uuid.uuid4(), now=then)
    more = Particulars(promised_at=database_now() + timedelta(hours=3))
    repair.act(by=ben, kind=Kind.LATER, client_key=uuid.uuid4(), more=more, now=then)
    act(repair, by=ana, kind=Kind.ASK_AGAIN)
    assert standing(promises.BEGINS) == ["Ana", "Ben"]
    assert standing(promises.INVITED) == ["Ben"]


def test_nobody_is_told_of_an_invitation_that_was_set_down_or_of_two_on_one_day(
    ana: Partner, ben: Partner
) -> None:
    first = share_repair(by=ana)
    Reminder.objects.filter(kind=promises.INVITED).update(settled_at=database_now(), outcome="sent")
    act(first, by=ana, kind=Kind.REST)
    second = share_repair(by=ana)
    assert wanted(promises.INVITED, now=database_now()) == []
    Reminder.objects.filter(kind=promises.INVITED, outcome="sent").delete()
    assert wanted(promises.INVITED, now=database_now()) == ["Ben"]
    act(second, by=ana, kind=Kind.REST)
    assert standing(promises.INVITED) == []


def test_to_keep_words_is_no_way_to_find_out_whether_the_other_would(
    held: Repair, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    do(held, ana, Kind.KEEP)
    before = page_of(client_of, ana, held)
    do(held, ben, Kind.KEEP)
    assert "They stay, because" not in page_of(client_of, ana, held)
    assert "Whether both of you would shows on that day." in before
    Repair.objects.filter(pk=held.pk).update(fades_on=database_now().date() - DAY)
    assert "They stay, because both of you want them to." in page_of(client_of, ana, held)
