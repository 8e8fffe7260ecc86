"""A small repair, and a part sent alone."""

from __future__ import annotations

import uuid

import pytest

from couples.clock import database_now
from couples.days import DAY
from couples.models import Couple, Partner, Person
from repairs.models import ActRefused, Repair, RepairAct
from repairs.models.fading import sweep
from repairs.terms import Kind, Stage
from tests.conftest import ClientOf
from tests.factories import act, fresh, name_third, share_repair
from tests.repairs.pages import steady

pytestmark = pytest.mark.django_db

PART, THEIRS, NEXT = "I-left-the-dishes", "I-rolled-my-eyes", "Next-time-I-start"


def small(by: Partner) -> Repair:
    return Repair.begin(
        Kind.SMALL, PART, by=by, about="The dishes", next_time=NEXT, client_key=uuid.uuid4()
    )


def test_a_small_repair_hides_the_first_part_until_the_second_is_there(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = small(ana)
    theirs = client_of(ben)
    before = theirs.get(f"/repairs/{repair.pk}/").content.decode()
    assert "The dishes" in before
    assert PART not in before
    assert NEXT not in before
    act(repair, by=ben, kind=Kind.PART, words=THEIRS)
    after = theirs.get(f"/repairs/{repair.pk}/").content.decode()
    assert PART in after
    assert NEXT in after
    assert Repair.objects.get(pk=repair.pk).stage == Stage.US


def test_a_small_repair_is_mended_in_three_steps_and_asks_no_more(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = small(ana)
    act(repair, by=ben, kind=Kind.NO_PART)
    for kind in (Kind.US, Kind.SAFE_YES):
        for each in (ana, ben):
            act(repair, by=each, kind=kind, words="us" if kind is Kind.US else None)
    found = Repair.objects.get(pk=repair.pk)
    assert found.stage == Stage.MENDED
    assert [found.turn_of_1, found.turn_of_2] == [False, False]
    assert "Does it hold?" not in client_of(ana).get(f"/repairs/{repair.pk}/").content.decode()
    sweep(now=database_now() + 92 * DAY)  # only what was said to hold fades
    assert RepairAct.objects.filter(repair=repair, words__isnull=False).exists()


def test_one_tap_sent_twice_begins_one(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    posted = {"client_key": str(uuid.uuid4()), "words": PART, "share": "yes"}
    for path in ("/repairs/small/", "/repairs/part/"):
        posted["client_key"] = str(uuid.uuid4())
        first, second = (client_of(ana).post(path, posted) for _tap in range(2))
        assert first.url == second.url  # type: ignore[attr-defined]
    assert Repair.objects.count() == 2


def test_beside_another_repair_it_waits_and_the_words_come_back(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    share_repair(by=ben)
    posted = {"client_key": str(uuid.uuid4()), "words": PART, "about": "The dishes", "share": "yes"}
    answer = client_of(ana).post("/repairs/small/", posted)
    assert answer.status_code == 422
    assert PART in answer.content.decode()
    assert "One at a time" in answer.content.decode()
    assert Repair.objects.count() == 1


def test_without_words_it_says_so(ana: Partner, client_of: ClientOf) -> None:
    for path in ("/repairs/small/", "/repairs/part/"):
        answer = client_of(ana).post(path, {"client_key": str(uuid.uuid4()), "words": " "})
        assert answer.status_code == 422
        assert "There is nothing written here yet." in answer.content.decode()


def test_a_part_sent_alone_is_read_at_once_and_asks_for_nothing(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    share_repair(by=ben)  # any time, also beside a repair
    sent = Repair.begin(Kind.SEND, PART, by=ana, client_key=uuid.uuid4())
    shown = client_of(ben).get(f"/repairs/{sent.pk}/").content.decode()
    assert PART in shown
    assert "asks for nothing" in shown
    assert "sent you their part" in client_of(ben).get("/").content.decode()
    with pytest.raises(ActRefused):
        act(sent, by=ben, kind=Kind.TAKE_IN)


def test_reading_a_part_changes_nothing_on_the_page_of_the_one_who_sent_it(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    sent = Repair.begin(Kind.SEND, PART, by=ana, client_key=uuid.uuid4())
    mine = client_of(ana)
    before = [steady(mine.get(path).content.decode()) for path in ("/", f"/repairs/{sent.pk}/")]
    client_of(ben).get(f"/repairs/{sent.pk}/")
    after = [steady(mine.get(path).content.decode()) for path in ("/", f"/repairs/{sent.pk}/")]
    assert after == before


def test_alone_nobody_can_be_sent_anything(cleo: Person) -> None:
    alone = fresh(Couple.start(by=cleo, day_zone="UTC"))
    for kind in (Kind.SMALL, Kind.SEND):
        with pytest.raises(ActRefused, match="not here yet"):
            Repair.begin(kind, PART, by=alone, client_key=uuid.uuid4())
    assert not Repair.objects.exists()


def test_a_third_that_was_part_of_it_is_chosen_and_opens_with_the_account(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third = name_third(by=ana, label="The late shift")
    posted = {"client_key": str(uuid.uuid4()), "door": "i_was_hurt", "happened": "You left."}
    posted |= {"how_much": "3", "part_of_it": str(third.pk), "share": "yes"}
    client_of(ana).post("/repairs/new/", posted)
    repair = Repair.objects.get()
    page = f"/repairs/{repair.pk}/"
    act(repair, by=ben, kind=Kind.NOW)
    assert "The late shift" not in client_of(ben).get(page).content.decode()
    for each in (ana, ben):
        act(repair, by=each, kind=Kind.SETTLED)
    assert "Part of it: The late shift." in client_of(ben).get(page).content.decode()
    foreign = {**posted, "client_key": str(uuid.uuid4()), "part_of_it": str(uuid.uuid4())}
    assert client_of(ana).post("/repairs/new/", foreign).status_code == 422
