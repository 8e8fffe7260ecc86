"""What is refused, changed or taken back: nothing typed is lost, and nothing goes by itself."""

from __future__ import annotations

import uuid

import pytest

from couples.clock import database_now
from couples.days import DAY
from couples.models import Partner
from repairs import flow
from repairs.models import ActRefused, Particulars, Repair, RepairAct
from repairs.models.fading import sweep
from repairs.terms import WITH_WORDS, Kind, Stage
from tests.conftest import ClientOf
from tests.factories import act, share_repair
from tests.repairs.test_room import post, settled
from tests.repairs.way import WAY, page_of, room_of

__all__ = ["settled"]
pytestmark = pytest.mark.django_db

OLD, NEW = "what-was-typed-first", "what-was-typed-then"


# --- One tap, twice ------------------------------------------------------------------------------


def test_a_tap_that_arrives_again_with_other_words_is_refused_and_gives_them_back(
    ana: Partner, settled: Repair, client_of: ClientOf
) -> None:
    key = str(uuid.uuid4())
    post(client_of(ana), settled, "hurts", kind="hurt", words=OLD, client_key=key)
    again = {"kind": "hurt", "words": OLD, "client_key": key}
    assert client_of(ana).post(f"/repairs/{settled.pk}/hurts/", again).status_code == 302
    answer = client_of(ana).post(f"/repairs/{settled.pk}/hurts/", {**again, "words": NEW})
    assert answer.status_code == 422
    assert NEW in answer.content.decode()
    assert [act.words for act in RepairAct.objects.filter(kind=Kind.HURT)] == [OLD]


def test_a_tap_that_arrives_again_for_something_else_is_refused(
    settled: Repair, ana: Partner
) -> None:
    key = uuid.uuid4()
    settled.act(by=ana, kind=Kind.NO_HURT, client_key=key)
    settled.act(by=ana, kind=Kind.NO_HURT, client_key=key)
    with pytest.raises(ActRefused):
        settled.act(by=ana, kind=Kind.CHANGE, client_key=key)


def test_a_draft_sent_again_with_other_words_has_those(ana: Partner, client_of: ClientOf) -> None:
    posted = {"door": "i_was_hurt", "happened": OLD, "client_key": str(uuid.uuid4())}
    for happened in (OLD, OLD, NEW):
        client_of(ana).post("/repairs/new/", {**posted, "happened": happened})
    assert [each.happened for each in Repair.objects.all()] == [NEW]


def test_a_part_sent_again_with_another_line_is_refused(ana: Partner, ben: Partner) -> None:
    key = uuid.uuid4()
    Repair.begin(Kind.SMALL, "mine", by=ana, client_key=key, about=OLD)
    with pytest.raises(ActRefused):
        Repair.begin(Kind.SMALL, "mine", by=ana, client_key=key, about=NEW)
    assert [each.happened for each in Repair.objects.all()] == [OLD]


# --- Shared by its button alone ------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/repairs/small/", "/repairs/part/"])
def test_without_the_button_that_shares_nothing_is_shared(
    ana: Partner, ben: Partner, client_of: ClientOf, path: str
) -> None:
    answer = client_of(ana).post(path, {"words": OLD, "client_key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert OLD in answer.content.decode()
    assert not Repair.objects.exists()


def test_a_day_holds_three_parts_sent_alone(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    answers = [
        client_of(ana).post(
            "/repairs/part/",
            {"words": f"{OLD}-{n}", "client_key": str(uuid.uuid4()), "share": "yes"},
        )
        for n in range(4)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 422]
    assert f"{OLD}-3" in answers[-1].content.decode()
    Repair.begin(Kind.SEND, "his", by=ben, client_key=uuid.uuid4())


def test_on_today_a_part_that_asks_for_nothing_hides_no_invitation(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    invitation = share_repair(by=ana)
    sent = [Repair.begin(Kind.SEND, str(n), by=ana, client_key=uuid.uuid4()) for n in range(3)]
    today = client_of(ben).get("/").content.decode()
    places = [today.find(f"/repairs/{each.pk}/") for each in (invitation, *sent)]
    assert places[0] > 0
    shown = [place for place in places[1:] if place > 0]
    assert len(shown) == 1
    assert shown[0] > places[0]


# --- What is being written -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.HURT, Kind.ACCOUNT])
def test_what_is_missing_is_said_at_its_field(
    ben: Partner, settled: Repair, client_of: ClientOf, kind: Kind
) -> None:
    noun = {Kind.HURT: "hurts", Kind.ACCOUNT: "tellings"}[kind]
    page = post(client_of(ben), settled, noun, kind=kind, words=" ")
    assert page.count("There is nothing written here yet.") == 1
    assert 'aria-invalid="true"' in page


def test_an_answer_without_words_leaves_none_behind(
    ana: Partner, settled: Repair, client_of: ClientOf
) -> None:
    page = post(client_of(ana), settled, "hurts", kind="no_hurt", words=OLD)
    assert page.count(OLD) == 1
    assert "Share them with the first button, or empty the field." in page
    assert not RepairAct.objects.filter(kind=Kind.NO_HURT).exists()
    post(client_of(ana), settled, "hurts", kind="no_hurt", words="")
    assert RepairAct.objects.filter(kind=Kind.NO_HURT).exists()


# --- Changed before it is read -------------------------------------------------------------------


def test_what_happened_can_be_changed_until_the_other_can_read_it(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = share_repair(by=ana, happened=OLD)
    path = f"/repairs/{repair.pk}/draft/"
    assert path in page_of(client_of, ana, repair)
    posted = {"door": "i_was_hurt", "happened": NEW, "client_key": str(uuid.uuid4())}
    assert client_of(ben).get(path).status_code == 404
    client_of(ana).post(path, posted)
    for by, kind in ((ben, Kind.NOW), (ana, Kind.SETTLED), (ben, Kind.SETTLED)):
        act(repair, by=by, kind=kind)
    assert NEW in page_of(client_of, ben, repair)
    late = client_of(ana).post(path, {**posted, "happened": "later still"})
    assert late.status_code == 422
    assert "later still" in late.content.decode()
    assert client_of(ana).get(path).status_code == 302
    assert Repair.objects.get().happened == NEW


def test_how_much_it_hurt_is_for_whoever_was_hurt(ana: Partner, client_of: ClientOf) -> None:
    posted = {"door": "i_hurt_you", "happened": OLD, "how_much": "5"}
    client_of(ana).post("/repairs/new/", {**posted, "client_key": str(uuid.uuid4())})
    assert Repair.objects.get().how_much is None


def test_an_account_can_be_told_otherwise_and_taken_out_before_it_is_read(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    for words in (OLD, NEW):
        post(client_of(ben), settled, "tellings", kind="account", words=words)
    page = page_of(client_of, ben, settled)
    assert NEW in page
    assert OLD not in page
    last = RepairAct.objects.filter(kind=Kind.ACCOUNT).latest("number")
    posted = {"kind": "account", "words": NEW, "client_key": str(last.client_key)}
    again = client_of(ben).post(
        f"/repairs/{settled.pk}/tellings/", posted, headers={"HX-Request": "true"}
    )
    assert NEW in again.content.decode()  # what is drawn after the tap has it too
    post(client_of(ben), settled, "unsaid", kind="unsay", said=str(last.pk))
    for by in (ana, ben):
        act(settled, by=by, kind=Kind.NO_HURT)
    for who in (ana, ben):
        page = page_of(client_of, who, settled)
        assert NEW not in page
        assert OLD not in page


# --- Taken back ----------------------------------------------------------------------------------


def test_a_next_time_beside_no_part_can_be_taken_back(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = Repair.begin(Kind.SMALL, "mine", by=ana, client_key=uuid.uuid4(), about=OLD)
    post(client_of(ben), repair, "parts", kind="no_part", next_time=NEW)
    assert NEW in page_of(client_of, ana, repair)
    said = RepairAct.objects.get(kind=Kind.NO_PART)
    post(client_of(ana), repair, "unsaid", kind="unsay", said=str(said.pk))
    assert NEW in page_of(client_of, ana, repair)  # it is not hers to take back
    post(client_of(ben), repair, "unsaid", kind="unsay", said=str(said.pk))
    assert NEW not in page_of(client_of, ana, repair)


def test_what_a_small_repair_is_about_can_be_taken_back_from_the_start(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = Repair.begin(Kind.SMALL, "mine", by=ana, client_key=uuid.uuid4(), about=OLD)
    act(repair, by=ana, kind=Kind.CHANGE)
    assert OLD in page_of(client_of, ben, repair)
    post(client_of(ana), repair, "unsaid", kind="unsay", said="")
    assert OLD in page_of(client_of, ben, repair)  # nothing named, nothing gone
    post(client_of(ana), repair, "unsaid", kind="unsay", said=str(repair.pk))
    assert OLD not in page_of(client_of, ben, repair)
    assert "mine" in page_of(client_of, ana, repair)


def test_taking_words_back_does_not_wake_what_rests_by_itself(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    sweep(now=database_now() + 31 * DAY)
    touched = Repair.objects.get(pk=settled.pk).touched_at
    share_repair(by=ben, happened="another")
    post(client_of(ana), settled, "unsaid", kind="unsay", said=str(settled.pk))
    found = Repair.objects.get(pk=settled.pk)
    assert (found.happened, found.resting, found.touched_at) == (None, True, touched)


def test_one_repair_that_cannot_fade_holds_up_no_other(
    ana: Partner, ben: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = database_now()
    both = [Repair.begin(Kind.SEND, str(n), by=ana, client_key=uuid.uuid4()) for n in range(2)]
    Repair.objects.update(fades_on=due.date() - 2 * DAY)
    plain = RepairAct.silence

    def breaks(said: RepairAct) -> None:
        if said.repair_id == both[0].pk:
            raise ValueError
        plain(said)

    monkeypatch.setattr(RepairAct, "silence", breaks)
    sweep(now=due)
    assert [bool(Repair.objects.get(pk=each.pk).faded_on) for each in both] == [False, True]
    assert RepairAct.objects.get(repair=both[1]).words is None


def test_what_a_new_round_takes_the_place_of_is_said_before(
    ana: Partner, ben: Partner, settled: Repair, client_of: ClientOf
) -> None:
    for by, words in ((ana, OLD), (ben, NEW)):
        act(settled, by=by, kind=Kind.HURT, words=words)
    for side in ((ana, ben), (ben, ana)):
        act(settled, by=side[0], kind=Kind.ECHO, words="heard")
        act(settled, by=side[1], kind=Kind.THATS_IT)
    for kind in (Kind.NO_PART, Kind.US, Kind.SAFE_NOT_YET):
        for by in (ana, ben):
            act(settled, by=by, kind=kind, words="us" if kind is Kind.US else None)
    act(settled, by=ana, kind=Kind.AGAIN_HURT)
    for by in (ana, ben):
        settled.act(
            by=by,
            kind=Kind.NO_HURT,
            client_key=uuid.uuid4(),
            more=Particulars(),
            now=database_now(),
        )
    assert Repair.objects.get(pk=settled.pk).stage == Stage.PART
    page = page_of(client_of, ben, settled)
    assert page.index("Said before") < page.index(OLD)


AROUND = [
    *WAY[:-2],
    *((seat, Kind.SAFE_NOT_YET, "safe-answers") for seat in (1, 2)),
    (1, Kind.AGAIN_HURT, "rounds"),
]


@pytest.mark.parametrize("way", [WAY, AROUND])
def test_wherever_the_two_stand_each_can_find_and_take_back_what_both_have_read(
    ana: Partner, ben: Partner, client_of: ClientOf, way: list[tuple[int, Kind, str]]
) -> None:
    repair = share_repair(by=ana)
    for seat, kind, _noun in way:
        words = f"words-{kind}" if kind in WITH_WORDS else None
        act(repair, by=(ana, ben)[seat - 1], kind=kind, words=words)
        for who in (ana, ben):
            room = room_of(who, repair)
            page = page_of(client_of, who, repair)
            ways = {each.pk: each.number for each in room.acts if each.words} | {
                repair.pk: room.state.opening
            }
            can = {pk for pk, n in ways.items() if n in room.state.can_unsay(who.seat)}
            if can:
                assert Kind.UNSAY in flow.may(room.state, who.seat)
            for pk in can:
                assert page.count(f'name="said" value="{pk}"') == 1, (kind, who)
