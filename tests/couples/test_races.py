"""Two people at the same door in the same instant: the database lets one in, and nothing breaks."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from couples.models import Couple, Invitation, InvitationRefused, Key, Partner, Person
from tests.at_once import at_once, refused
from tests.factories import fresh, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def alone(name: str) -> Partner:
    """Return somebody alone in a couple of their own."""
    return fresh(Couple.start(by=make_person(name=name), day_zone="UTC"))


def link(by: Partner) -> Invitation:
    """Return an open invitation as the page behind its link finds it."""
    return Invitation.objects.get(pk=Invitation.make(by=by).pk)


def live(couple: Couple) -> int:
    return couple.partners.filter(ended_at=None).count()


def test_two_people_accept_one_invitation_and_one_gets_the_seat() -> None:
    ana = alone("Ana")
    one, two = make_person(name="One"), make_person(name="Two")
    made = link(ana)
    other = Invitation.objects.get(pk=made.pk)
    results = at_once(lambda: made.accept(by=one), lambda: other.accept(by=two))
    assert [type(each) for each in refused(results)] == [InvitationRefused]
    assert live(ana.couple) == 2


@pytest.mark.parametrize("has_own_couple", [True, False])
def test_one_person_accepts_two_invitations_and_takes_one_seat(has_own_couple: bool) -> None:
    ana, kim = alone("Ana"), alone("Kim")
    cleo = alone("Cleo").person if has_own_couple else make_person(name="Cleo")
    one, two = link(ana), link(kim)
    results = at_once(lambda: one.accept(by=cleo), lambda: two.accept(by=cleo))
    assert [type(each) for each in refused(results)] == [InvitationRefused]
    assert sorted([live(ana.couple), live(kim.couple)]) == [1, 2]
    assert cleo.places.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("_again", range(3))
def test_two_who_invite_each_other_and_both_accept_end_up_in_one_couple(_again: int) -> None:
    ana, ben = alone("Ana"), alone("Ben")
    from_ana, from_ben = link(ana), link(ben)
    results = at_once(
        lambda: from_ben.accept(by=ana.person), lambda: from_ana.accept(by=ben.person)
    )
    assert [type(each) for each in refused(results)] == [InvitationRefused]
    assert sorted([live(ana.couple), live(ben.couple)]) == [0, 2]


def test_an_invitation_taken_back_while_it_is_accepted_is_one_or_the_other() -> None:
    ana, ben = alone("Ana"), make_person(name="Ben")
    made = link(ana)
    other = Invitation.objects.get(pk=made.pk)
    results = at_once(lambda: made.accept(by=ben), other.take_back)
    now = Invitation.objects.get(pk=made.pk)
    assert live(ana.couple) == (1 if refused(results) else 2)
    assert (now.accepted_at is None) == bool(refused(results))


def test_one_person_starts_twice_and_has_one_couple() -> None:
    ana = make_person(name="Ana")
    start = lambda: Couple.start(by=ana, day_zone="UTC")  # noqa: E731
    results = at_once(start, start)
    assert [type(each) for each in refused(results)] == [IntegrityError]
    assert Couple.objects.count() == 1


def test_two_links_made_at_once_leave_one_open() -> None:
    ana = alone("Ana")
    phones = [fresh(ana), fresh(ana)]
    results = at_once(*(lambda phone=phone: Invitation.make(by=phone) for phone in phones))
    assert not refused(results)
    assert Invitation.objects.filter(ended_at=None, accepted_at=None).count() == 1


def test_first_words_at_once_are_sealed_by_one_key() -> None:
    nobody = Person.objects.create_user("new@example.com")
    phones = [Person.objects.get(pk=nobody.pk) for _phone in range(2)]
    results = at_once(*(lambda phone=phone: phone.call_me("Nia") for phone in phones))
    assert not refused(results)
    assert Key.objects.filter(person=nobody).count() == 1
    assert Person.objects.get(pk=nobody.pk).name == "Nia"
