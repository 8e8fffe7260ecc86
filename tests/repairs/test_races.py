"""Both act in the same instant: one order, both acts kept or one refused, and no text lost."""

from __future__ import annotations

import uuid

import pytest

from couples.models import Partner
from repairs.models import ActRefused, Repair, RepairAct
from repairs.terms import Kind, Stage
from tests.at_once import at_once, refused
from tests.factories import act, fresh, make_couple, make_person, share_repair

pytestmark = pytest.mark.django_db(transaction=True)

Two = tuple[Partner, Partner]


@pytest.fixture
def two() -> Two:
    return make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))


def on_a_phone(repair: Repair, who: Partner) -> tuple[Repair, Partner]:
    """Return the repair and the partner as a request of theirs would find them."""
    return Repair.objects.get(pk=repair.pk), fresh(who)


def settled(two: Two) -> Repair:
    ana, ben = two
    repair = share_repair(by=ana)
    act(repair, by=ben, kind=Kind.NOW)
    act(repair, by=ana, kind=Kind.SETTLED)
    act(repair, by=ben, kind=Kind.SETTLED)
    return repair


@pytest.mark.parametrize("_again", range(3))
def test_both_write_at_once_and_both_are_kept_and_revealed(two: Two, _again: int) -> None:
    repair = settled(two)
    hands = [on_a_phone(repair, who) for who in two]
    results = at_once(
        *(
            lambda hand=hand: act(hand[0], by=hand[1], kind=Kind.HURT, words=f"by {hand[1].name}")
            for hand in hands
        )
    )
    assert not refused(results)
    kept = RepairAct.objects.filter(kind=Kind.HURT).order_by("number")
    assert {each.words for each in kept} == {"by Ana", "by Ben"}
    assert [each.number for each in kept] == [5, 6]
    assert Repair.objects.get(pk=repair.pk).stage == Stage.ECHO


def test_one_tap_sent_twice_at_once_is_one_act(two: Two) -> None:
    repair, key = settled(two), uuid.uuid4()
    phones = [on_a_phone(repair, two[0]) for _phone in range(2)]
    results = at_once(
        *(
            lambda hand=hand: hand[0].act(
                by=hand[1], kind=Kind.HURT, client_key=key, words="I felt alone."
            )
            for hand in phones
        )
    )
    assert not refused(results)
    assert RepairAct.objects.filter(client_key=key).count() == 1


def test_two_phones_of_one_person_answer_once_and_the_other_is_told(two: Two) -> None:
    repair = settled(two)
    phones = [on_a_phone(repair, two[0]) for _phone in range(2)]
    results = at_once(
        *(lambda hand=hand: act(hand[0], by=hand[1], kind=Kind.NO_HURT) for hand in phones)
    )
    assert [type(each) for each in refused(results)] == [ActRefused]
    assert RepairAct.objects.filter(kind=Kind.NO_HURT).count() == 1


def test_one_rests_while_the_other_writes_and_both_are_kept(two: Two) -> None:
    repair = settled(two)
    mine, theirs = on_a_phone(repair, two[0]), on_a_phone(repair, two[1])
    results = at_once(
        lambda: act(mine[0], by=mine[1], kind=Kind.REST),
        lambda: act(theirs[0], by=theirs[1], kind=Kind.HURT, words="I was cold."),
    )
    assert not refused(results)
    assert Repair.objects.get(pk=repair.pk).resting
    assert RepairAct.objects.get(kind=Kind.HURT).words == "I was cold."


def test_both_invite_at_once_and_one_repair_is_under_way(two: Two) -> None:
    drafts = [
        Repair.draft(by=who, door="i_was_hurt", happened=f"of {who.name}", how_much=3)
        for who in two
    ]
    hands = [on_a_phone(draft, who) for draft, who in zip(drafts, two, strict=True)]
    results = at_once(
        *(lambda hand=hand: hand[0].invite(by=hand[1], client_key=uuid.uuid4()) for hand in hands)
    )
    assert [type(each) for each in refused(results)] == [ActRefused]
    assert Repair.objects.open().count() == 1
    assert {each.happened for each in Repair.objects.all()} == {"of Ana", "of Ben"}


def test_a_draft_rewritten_before_it_is_shared_keeps_the_new_words(two: Two) -> None:
    """The phone that shares it may have read the draft before the other phone changed it."""
    ana = two[0]
    draft = Repair.draft(by=ana, door="i_was_hurt", happened="before", how_much=3)
    stale, me = on_a_phone(draft, ana)
    draft.rewrite(by=ana, door="i_hurt_you", happened="after", how_much=5)
    stale.invite(by=me, client_key=uuid.uuid4())
    found = Repair.objects.get(pk=draft.pk)
    assert (found.happened, found.how_much, found.door) == ("after", "5", "i_hurt_you")
    assert found.shared_at is not None


def test_a_draft_thrown_away_twice_or_shared_after_is_refused_in_words(two: Two) -> None:
    ana = two[0]
    draft = Repair.draft(by=ana, door="i_was_hurt", happened="gone", how_much=3)
    hands = [on_a_phone(draft, ana) for _phone in range(2)]
    results = at_once(*(lambda hand=hand: hand[0].throw_away(by=hand[1]) for hand in hands))
    assert [type(each) for each in refused(results)] == [ActRefused]
    with pytest.raises(ActRefused):
        hands[0][0].invite(by=hands[0][1], client_key=uuid.uuid4())
