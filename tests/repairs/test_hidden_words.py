"""What one has written and both have not yet revealed is in no byte that the other is sent."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from couples.append_only import retention
from couples.models import Partner
from repairs.models import Particulars, Repair, RepairAct
from repairs.terms import Kind
from repairs.views.acts import NOUNS
from tests.conftest import ClientOf
from tests.factories import act, share_repair
from tests.repairs.pages import steady

HTMX = {"HX-Request": "true"}
DRAFT, OPENING = "DRAFT-nobody-knows", "OPENING-what-a-camera-saw"
HURT, PART, US = "HURT-of-one-alone", "PART-of-one-alone", "US-of-one-alone"
ACCOUNT, NEXT = "ACCOUNT-how-i-saw-it", "NEXT-time-i-will"
ECHO = "ECHO-what-i-heard"


def everything(browser: Client, repair: Repair) -> bytes:
    """Return all the bytes that somebody is sent on every page that could show a repair."""
    pages = [
        "/",
        "/us/",
        "/repairs/",
        f"/repairs/{repair.pk}/",
        f"/repairs/{repair.pk}/draft/",
        "/me/",
    ]
    kinds: tuple[dict[str, str], ...] = ({}, HTMX, {"Accept": "application/json"})
    answers = [browser.get(page, headers=headers) for page in pages for headers in kinds]
    # A step that does not fit draws the room again, with a message.
    steps = [f"/repairs/{repair.pk}/{noun}/" for noun in NOUNS]
    answers += [browser.post(url, {"kind": "nothing"}, headers=HTMX) for url in steps]
    answers += [browser.post(steps[0], {"kind": "nothing"})]
    return b"".join(answer.content + repr(answer.headers).encode() for answer in answers)


@pytest.fixture
def invited(ana: Partner, ben: Partner) -> Repair:
    return share_repair(by=ana, happened=OPENING)


def settle(repair: Repair, ana: Partner, ben: Partner) -> None:
    act(repair, by=ben, kind=Kind.NOW)
    act(repair, by=ana, kind=Kind.SETTLED)
    act(repair, by=ben, kind=Kind.SETTLED)


def hear(repair: Repair, ana: Partner, ben: Partner) -> None:
    act(repair, by=ana, kind=Kind.HURT, words=HURT)
    act(repair, by=ben, kind=Kind.NO_HURT)
    act(repair, by=ben, kind=Kind.ECHO, words=ECHO)
    act(repair, by=ana, kind=Kind.THATS_IT)


def test_an_invitation_says_nothing_of_what_happened_until_both_have_settled(
    invited: Repair, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    browser = client_of(ben)
    assert OPENING.encode() not in everything(browser, invited)
    act(invited, by=ben, kind=Kind.NOW)
    act(invited, by=ben, kind=Kind.SETTLED)
    assert OPENING.encode() not in everything(browser, invited)
    act(invited, by=ana, kind=Kind.SETTLED)
    assert OPENING.encode() in everything(browser, invited)


def test_a_hurt_is_hidden_until_both_are_done(
    invited: Repair, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    settle(invited, ana, ben)
    act(invited, by=ana, kind=Kind.HURT, words=HURT)
    assert HURT.encode() not in everything(client_of(ben), invited)
    act(invited, by=ben, kind=Kind.NO_HURT)
    assert HURT.encode() in everything(client_of(ben), invited)


def test_a_hurt_closed_face_to_face_stays_hidden_for_good(
    invited: Repair, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    settle(invited, ana, ben)
    act(invited, by=ana, kind=Kind.HURT, words=HURT)
    act(invited, by=ana, kind=Kind.IN_PERSON)
    act(invited, by=ben, kind=Kind.IN_PERSON)
    assert HURT.encode() not in everything(client_of(ben), invited)


def test_a_part_and_a_bond_are_hidden_until_both_are_done(
    invited: Repair, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    settle(invited, ana, ben)
    hear(invited, ana, ben)
    act(invited, by=ana, kind=Kind.PART, words=PART)
    assert PART.encode() not in everything(client_of(ben), invited)
    act(invited, by=ben, kind=Kind.NO_PART)
    assert PART.encode() in everything(client_of(ben), invited)
    act(invited, by=ben, kind=Kind.TAKE_IN)
    act(invited, by=ana, kind=Kind.US, words=US)
    assert US.encode() not in everything(client_of(ben), invited)
    act(invited, by=ben, kind=Kind.US, words="ours")


def test_a_new_round_is_hidden_again(
    invited: Repair, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    settle(invited, ana, ben)
    hear(invited, ana, ben)
    act(invited, by=ana, kind=Kind.PART, words="first try")
    act(invited, by=ben, kind=Kind.NO_PART)
    act(invited, by=ben, kind=Kind.NOT_THERE)
    act(invited, by=ana, kind=Kind.AGAIN_PART)
    act(invited, by=ana, kind=Kind.PART, words=PART)
    assert PART.encode() not in everything(client_of(ben), invited)


@pytest.mark.parametrize("answer", [Kind.SAFE_YES, Kind.SAFE_GETTING, Kind.SAFE_NOT_YET])
def test_how_safe_it_is_for_one_is_hidden_until_both_have_said(
    invited: Repair, ana: Partner, ben: Partner, client_of: ClientOf, answer: Kind
) -> None:
    settle(invited, ana, ben)
    for kind in (Kind.NO_HURT, Kind.NO_PART, Kind.US):
        for each in (ana, ben):
            act(invited, by=each, kind=kind, words="we two" if kind is Kind.US else None)
    page = f"/repairs/{invited.pk}/"
    browser = client_of(ben)
    act(invited, by=ana, kind=answer)
    first = steady(browser.get(page).content.decode())
    other = next(each for each in (Kind.SAFE_YES, Kind.SAFE_NOT_YET) if each is not answer)
    with_that = RepairAct.objects.get(repair=invited, kind=answer)
    _overwrite(with_that, other)
    assert steady(browser.get(page).content.decode()) == first


def _overwrite(done: RepairAct, kind: Kind) -> None:
    """Let the same act have been another answer, as if it had been given."""
    with retention():
        RepairAct.objects.filter(pk=done.pk).update(kind=kind)


# --- Drafts ----------------------------------------------------------------------------------


def test_a_draft_does_not_exist_for_the_other_at_any_address(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    draft = Repair.draft(by=ana, door="i_was_hurt", happened=DRAFT, how_much=5)
    browser = client_of(ben)
    key = {"client_key": str(uuid.uuid4())}
    typed = {**key, "door": "i_hurt_you", "happened": "mine now", "how_much": "1"}
    for noun in ("draft", "removal", *NOUNS):
        url = f"/repairs/{draft.pk}/{noun}/"
        assert browser.post(url, {**typed, "kind": "now"}).status_code == 404
    assert browser.get(f"/repairs/{draft.pk}/").status_code == 404
    assert browser.get(f"/repairs/{draft.pk}/draft/").status_code == 404
    assert DRAFT.encode() not in everything(browser, draft)
    assert Repair.objects.get().happened == DRAFT


def test_a_draft_of_mine_tells_the_other_nothing(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    browser = client_of(ben)
    pages = ("/", "/us/", "/repairs/")
    before = [steady(browser.get(page).content.decode()) for page in pages]
    Repair.draft(by=ana, door="i_was_hurt", happened=DRAFT, how_much=5)
    assert [steady(browser.get(page).content.decode()) for page in pages] == before


# --- Keys and hands --------------------------------------------------------------------------


def test_a_key_of_the_others_tap_opens_and_blocks_nothing(
    invited: Repair, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    """Keys are each one's own: replaying the other's neither does their act nor eats mine."""
    key = str(RepairAct.objects.get(author=ana).client_key)
    url = f"/repairs/{invited.pk}/beginnings/"
    assert client_of(ben).post(url, {"kind": "now", "client_key": key}).status_code == 302
    assert list(RepairAct.objects.values_list("author", "kind").order_by("number")) == [
        (ana.pk, "invite"),
        (ben.pk, "now"),
    ]


def test_nobody_acts_for_the_other(
    invited: Repair, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    posted = {
        "kind": "now",
        "client_key": str(uuid.uuid4()),
        "author": str(ben.pk),
        "by": str(ben.pk),
        "side": "2",
    }
    answer = client_of(ana).post(f"/repairs/{invited.pk}/beginnings/", posted)
    assert answer.status_code == 422
    assert not RepairAct.objects.filter(author=ben).exists()


def test_another_couple_finds_no_repair_of_ours(
    invited: Repair, others: tuple[Partner, Partner], client_of: ClientOf
) -> None:
    assert OPENING.encode() not in everything(client_of(others[0]), invited)
    for noun in NOUNS:
        answer = client_of(others[0]).post(f"/repairs/{invited.pk}/{noun}/", {"kind": "now"})
        assert answer.status_code == 404


def test_the_four_ways_out_look_the_same_to_the_other(
    invited: Repair, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    """Not feeling safe is told to nobody: what is kept and what is shown is a rest like any."""
    settle(invited, ana, ben)
    pauses = f"/repairs/{invited.pk}/pauses/"
    seen = []
    for then in ("", "safety"):
        key = str(uuid.uuid4())
        client_of(ana).post(pauses, {"kind": "rest", "client_key": key, "then": then})
        seen.append(steady(client_of(ben).get(f"/repairs/{invited.pk}/").content.decode()))
        act(invited, by=ana, kind=Kind.BACK)
    assert seen[0] == seen[1]
    rests = RepairAct.objects.filter(kind=Kind.REST)
    assert rests.count() == 2
    assert len(set(rests.values_list("words", "promised_at"))) == 1


def test_an_own_account_and_a_next_time_are_hidden_until_both_are_done(
    invited: Repair, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    settle(invited, ana, ben)
    act(invited, by=ben, kind=Kind.ACCOUNT, words=ACCOUNT)
    act(invited, by=ben, kind=Kind.HURT, words=HURT)
    hers = client_of(ana)
    assert ACCOUNT.encode() not in everything(hers, invited)
    act(invited, by=ana, kind=Kind.NO_HURT)
    assert ACCOUNT.encode() in everything(hers, invited)
    act(invited, by=ana, kind=Kind.ECHO, words=ECHO)
    act(invited, by=ben, kind=Kind.THATS_IT)
    invited.act(
        by=ben,
        kind=Kind.NO_PART,
        client_key=uuid.uuid4(),
        more=Particulars(next_time=NEXT),
    )
    assert NEXT.encode() not in everything(hers, invited)
    act(invited, by=ana, kind=Kind.NO_PART)


def test_an_answer_taken_back_is_never_read(
    invited: Repair, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    settle(invited, ana, ben)
    act(invited, by=ben, kind=Kind.HURT, words="HURT-in-anger")
    act(invited, by=ben, kind=Kind.CHANGE)
    act(invited, by=ben, kind=Kind.HURT, words=HURT)
    act(invited, by=ana, kind=Kind.NO_HURT)
    seen = everything(client_of(ana), invited)
    assert HURT.encode() in seen
    assert b"HURT-in-anger" not in seen
