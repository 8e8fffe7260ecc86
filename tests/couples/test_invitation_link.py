"""The partner's link: open for seven days, for one other person, until it is used or taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from couples.clock import database_now
from couples.models import Couple, Invitation, InvitationRefused, Partner, Person
from tests.conftest import ClientOf
from tests.factories import fresh, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def eve() -> Partner:
    """Somebody who has started a couple and waits for the other."""
    return fresh(Couple.start(by=make_person(name="Eve"), day_zone="UTC"))


def is_open(made: Invitation, *, days: float = 0) -> bool:
    """True when the link opens something so many days from now."""
    try:
        Invitation.find(made.token, now=database_now() + timedelta(days=days))
    except Invitation.DoesNotExist:
        return False
    return True


def test_it_opens_for_seven_days(eve: Partner) -> None:
    made = Invitation.make(by=eve)
    assert is_open(made, days=6.99)
    assert not is_open(made, days=7.01)


def test_accepted_after_seven_days_it_is_refused(eve: Partner, cleo: Person) -> None:
    made = Invitation.make(by=eve)
    with pytest.raises(InvitationRefused, match="no longer open"):
        made.accept(by=cleo, now=database_now() + timedelta(days=8))
    assert not cleo.places.exists()


def test_it_opens_once(eve: Partner, cleo: Person, client_of: ClientOf) -> None:
    made = Invitation.make(by=eve)
    made.accept(by=cleo)
    assert not is_open(made)
    page = client_of(make_person(name="Late")).get(f"/join/{made.token}/")
    assert page.status_code == 404
    assert "Eve" not in page.content.decode()


def test_taken_back_it_opens_nothing(eve: Partner, cleo: Person, client_of: ClientOf) -> None:
    made = Invitation.make(by=eve)
    client_of(eve).post("/invitation/taking-back/")
    assert not is_open(made)
    assert client_of(cleo).get(f"/join/{made.token}/").status_code == 404
    with pytest.raises(InvitationRefused, match="no longer open"):
        made.accept(by=cleo)


def test_a_new_link_ends_the_one_before(eve: Partner) -> None:
    before = Invitation.make(by=eve)
    after = Invitation.make(by=eve)
    assert not is_open(before)
    assert is_open(after)


def test_ones_own_link_is_refused_in_words(eve: Partner) -> None:
    with pytest.raises(InvitationRefused, match="your own invitation"):
        Invitation.make(by=eve).accept(by=eve.person)


def test_who_shares_an_account_already_is_refused_and_keeps_it(eve: Partner, ana: Partner) -> None:
    with pytest.raises(InvitationRefused, match="already share"):
        Invitation.make(by=eve).accept(by=ana.person)
    assert Partner.objects.live().get(person=ana.person).couple_id == ana.couple_id


def test_two_who_are_together_invite_nobody_else(ana: Partner) -> None:
    with pytest.raises(InvitationRefused, match="already together"):
        Invitation.make(by=ana)


def test_accepting_ends_ones_own_empty_couple(eve: Partner) -> None:
    alone = fresh(Couple.start(by=make_person(name="Ari"), day_zone="UTC"))
    place = Invitation.make(by=eve).accept(by=alone.person)
    assert place.couple_id == eve.couple_id
    assert Couple.objects.get(pk=alone.couple_id).ended_at is not None
    assert Partner.objects.live().get(person=alone.person) == place


def test_the_one_who_invites_sees_that_it_is_open_and_nothing_more(
    eve: Partner, cleo: Person, client_of: ClientOf
) -> None:
    """Looking at the link leaves no trace on the inviter's page."""
    made = Invitation.make(by=eve)
    before = _without_tokens(client_of(eve).get("/").content.decode())
    client_of(cleo).get(f"/join/{made.token}/")
    assert _without_tokens(client_of(eve).get("/").content.decode()) == before


def _without_tokens(page: str) -> str:
    return "\n".join(line.split("csrf")[0] for line in page.splitlines() if "_key" not in line)
