"""From the application to the link: who can be linked to whom, and by what."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from couples.clock import database_now
from couples.models import Couple, Invitation, InvitationRefused, Partner, Person
from tests.conftest import ClientOf
from tests.factories import make_couple, make_person
from tests.therapists.factories import (
    accepted_link,
    invite,
    link_with_consent,
    make_therapist,
    open_link,
)
from therapists.models import Acceptance, ApplicationRefused, LinkRefused, Therapist, TherapistLink


def test_until_verified_a_therapist_invites_nobody(db: None) -> None:
    with pytest.raises(LinkRefused):
        invite(make_therapist(verified=False))


def test_the_operator_verifies_and_withdraws(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    practice = make_therapist(verified=False)
    call_command("verify_therapist", practice.person.email.upper())
    practice.refresh_from_db()
    assert practice.verified_at is not None
    assert "LMFT 4711" in capsys.readouterr().out
    call_command("verify_therapist", practice.person.email, "--withdraw")
    practice.refresh_from_db()
    assert practice.verified_at is None


def test_the_operator_is_told_when_nobody_asked(cleo: Person) -> None:
    with pytest.raises(CommandError, match="has not asked"):
        call_command("verify_therapist", cleo.email)


def test_what_was_verified_is_not_changed_by_its_owner(db: None) -> None:
    practice = make_therapist()
    with pytest.raises(ApplicationRefused):
        Therapist.apply(by=practice.person, name="X", licence="another", place="elsewhere")


def test_licence_place_and_token_lie_sealed_in_the_database(db: None) -> None:
    link = invite(make_therapist())
    with connection.cursor() as cursor:
        cursor.execute("SELECT licence || place FROM therapists_therapist")
        practice = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT token FROM therapists_therapistlink")
        token = bytes(cursor.fetchone()[0])
    assert b"LMFT" not in practice
    assert b"Oregon" not in practice
    assert link.token.encode() not in token


def test_an_invitation_opens_once_for_one_couple(
    ana: Partner, others: tuple[Partner, Partner]
) -> None:
    link = open_link(make_therapist(), ana)
    assert link.couple == ana.couple
    with pytest.raises(TherapistLink.DoesNotExist):
        TherapistLink.find(link.token, now=database_now())
    with pytest.raises(LinkRefused):
        TherapistLink.objects.get(pk=link.pk).open_to(by=others[0])


def test_an_invitation_ends_after_seven_days(ana: Partner) -> None:
    link = invite(make_therapist())
    now = database_now()
    assert TherapistLink.find(link.token, now=now + timedelta(days=7, minutes=-1)) == link
    with pytest.raises(TherapistLink.DoesNotExist):
        TherapistLink.find(link.token, now=now + timedelta(days=7, minutes=1))
    with pytest.raises(LinkRefused):
        link.open_to(by=ana, now=now + timedelta(days=8))


def test_an_invitation_taken_back_opens_nothing(ana: Partner) -> None:
    practice = make_therapist()
    link = invite(practice)
    link.end(by=practice)
    with pytest.raises(LinkRefused):
        link.open_to(by=ana)


def test_an_invitation_of_an_unverified_therapist_opens_nothing(ana: Partner) -> None:
    practice = make_therapist()
    link = invite(practice)
    practice.withdraw_verification()
    with pytest.raises(TherapistLink.DoesNotExist):
        TherapistLink.find(link.token, now=database_now())
    with pytest.raises(LinkRefused):
        link.open_to(by=ana)


def test_nobody_takes_back_the_invitation_of_another(db: None) -> None:
    link = invite(make_therapist())
    with pytest.raises(LinkRefused):
        link.end(by=make_therapist(name="Dr. Un"))


def test_one_alone_cannot_open_an_invitation(cleo: Person) -> None:
    alone = Couple.start(by=cleo, day_zone="UTC")
    with pytest.raises(LinkRefused):
        invite(make_therapist()).open_to(by=alone)


def test_a_couple_has_one_therapist_at_a_time(ana: Partner, ben: Partner) -> None:
    first = open_link(make_therapist(), ana)
    second = invite(make_therapist(name="Dr. Un"))
    with pytest.raises(LinkRefused):
        second.open_to(by=ben)
    first.end(by=ben)
    second.open_to(by=ben)


def test_nobody_is_therapist_to_their_own_couple(ana: Partner, ben: Partner) -> None:
    practice = make_therapist(name="Ana", person=ana.person)
    link = invite(practice)
    for partner in (ana, ben):
        with pytest.raises(LinkRefused):
            link.open_to(by=partner)


def test_nobody_is_therapist_to_a_couple_they_were_part_of(ana: Partner, ben: Partner) -> None:
    practice = make_therapist(name="Ana", person=ana.person)
    Partner.objects.filter(pk=ana.pk).update(ended_at=database_now())
    with pytest.raises(LinkRefused):
        invite(practice).open_to(by=ben)


def test_a_link_to_ones_own_couple_would_show_nothing(ana: Partner, ben: Partner) -> None:
    link = link_with_consent(make_therapist(), ana, ben)
    own = make_therapist(name="Ben", person=ben.person)
    TherapistLink.objects.filter(pk=link.pk).update(therapist=own)
    assert not own.links.standing().exists()


def test_linked_only_once_both_have_accepted(ana: Partner, ben: Partner) -> None:
    link = accepted_link(make_therapist(), ana)
    assert link.linked_at is None
    assert not TherapistLink.objects.standing().exists()
    Acceptance.give(link=link, by=ben)
    assert TherapistLink.objects.standing().get().linked_at is not None


def at_once(*verbs: Callable[[], object]) -> None:
    """Run the verbs in the same instant, each on a connection of its own; refusals are fine."""
    barrier = threading.Barrier(len(verbs))

    def run(verb: Callable[[], object]) -> None:
        barrier.wait()
        try:
            with suppress(InvitationRefused, LinkRefused):
                verb()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        for done in [pool.submit(run, verb) for verb in verbs]:
            done.result(timeout=20)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", range(3))
def test_pairing_and_linking_at_once_never_make_a_therapist_of_a_partner(run: int) -> None:
    starter = Couple.start(by=make_person(name="Ana"), day_zone="UTC")
    practice = make_therapist()
    pairing, link = Invitation.make(by=starter), invite(practice)
    at_once(
        lambda: pairing.accept(by=practice.person),
        lambda: link.open_to(by=starter),
    )
    inside = Partner.objects.filter(couple=starter.couple, person=practice.person).exists()
    linked = TherapistLink.objects.filter(couple=starter.couple).exists()
    assert inside
    assert not linked


@pytest.mark.django_db(transaction=True)
def test_an_invitation_opened_by_two_couples_at_once_goes_to_one() -> None:
    first = make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))
    second = make_couple(first=make_person(name="Kim"), second=make_person(name="Jo"))
    link = invite(make_therapist())
    tries = [TherapistLink.find(link.token, now=database_now()) for _ in range(2)]
    at_once(
        lambda: tries[0].open_to(by=first[0]),
        lambda: tries[1].open_to(by=second[0]),
    )
    assert TherapistLink.objects.get().couple in {first[0].couple, second[0].couple}
    assert TherapistLink.objects.filter(couple__isnull=False).count() == 1


def test_what_was_typed_is_shown_back_when_it_has_been_verified_meanwhile(
    client_of: Callable[[Person], Client], db: None
) -> None:
    practice = make_therapist()
    typed = {"name": "Dr. Lin", "licence": "LMFT 9999", "place": "Nevada"}
    answer = client_of(practice.person).post("/practice/application/", typed)
    assert answer.status_code == 422
    assert "LMFT 9999" in answer.content.decode()


# --- Behind the link -------------------------------------------------------------------------


def behind(link: TherapistLink) -> str:
    return reverse("us_therapist_invitation", args=[link.token])


def offers_to_open(page: str) -> bool:
    return "Open it for the two of us" in page


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("the therapist who made it", "This is your own invitation"),
        ("another therapist", "You are here as a therapist"),
        ("somebody without a couple", "This opens for two who share an account here."),
        ("one alone", "This opens once your partner is here with you."),
        ("a couple with a therapist", "You two have a therapist here."),
        ("the partner of the therapist", "Nobody can be the therapist of their own couple."),
    ],
)
def test_who_cannot_open_an_invitation_is_told_why_and_as_whom_they_are_here(
    who: str, said: str, ana: Partner, ben: Partner, cleo: Person, client_of: ClientOf
) -> None:
    link = invite(make_therapist())
    person = ana.person
    if who == "the therapist who made it":
        person = link.therapist.person
    elif who == "another therapist":
        person = make_therapist(name="Dr. Un").person
    elif who == "somebody without a couple":
        person = cleo
    elif who == "one alone":
        person = Couple.start(by=cleo, day_zone="UTC").person
    elif who == "a couple with a therapist":
        open_link(make_therapist(name="Dr. Un"), ana)
    else:
        link = invite(make_therapist(name="Ben", person=ben.person))
    for answer, status in ((client_of(person).get, 200), (client_of(person).post, 409)):
        page = answer(behind(link))
        shown = page.content.decode()
        assert page.status_code == status
        assert said in shown
        assert f"You are signed in as <bdi>{person.name}</bdi>" in shown
        assert "Sign out and come back here" in shown
        assert not offers_to_open(shown)
    link.refresh_from_db()
    assert link.couple is None


def test_who_can_open_an_invitation_finds_a_button_for_it(
    ana: Partner, client_of: ClientOf
) -> None:
    link = invite(make_therapist())
    assert offers_to_open(client_of(ana).get(behind(link)).content.decode())
    assert client_of(ana).post(behind(link))["Location"] == "/us/therapist/"
