"""Everybody who ever knocks, each with something to be kept from the others."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from couples.clock import database_now
from couples.models import AddressChange, Couple, Delivery, Invitation, Partner, Person, Reminder
from repairs.models import Repair
from repairs.terms import Kind
from rituals.models import Matter, Measure, Topic
from tests.access.urls import Place
from tests.factories import (
    PASSWORD,
    act,
    agree,
    answer_week,
    begin_meeting,
    decide,
    fresh,
    greeting_of,
    make_couple,
    make_person,
    mark,
    name_third,
    put_ask,
    raise_topic,
    rest,
    share_repair,
    write_manual,
)
from tests.sheets import offer
from tests.therapists.factories import invite, link_with_consent, make_therapist
from therapists.models import Closing, Therapist

ANONYMOUS, BEARER = "anonymous", "bearer"
ANA, BEN, KIM, CLEO, SOL, EX = "ana", "ben", "kim", "cleo", "sol", "ex"
DR_LIN, DR_RO, UNVERIFIED, BEFORE_FACTOR = "dr_lin", "dr_ro", "unverified", "before_factor"
STAFF, OPERATOR = "staff", "operator"
ROLES = (
    *(ANONYMOUS, BEARER, ANA, BEN, KIM, CLEO, SOL, EX),
    *(DR_LIN, DR_RO, UNVERIFIED, BEFORE_FACTOR, STAFF, OPERATOR),
)
"""ana and ben are a couple; kim and sol are in others, sol alone in hers; ex was in one.
An operator is staff who has shown a second factor."""

DRAFT = "ANAS-DRAFT-she-slammed-the-door"
HAPPENED = "ANAS-OPENING-left-while-i-talked"
HIDDEN = "ANAS-HIDDEN-hurt-i-felt-alone"
LINE = "ANAS-LINE-with-coffee"
BENS = "BENS-OWN-draft-words"
ASKED = "ANAS-ASK-dinner-with-the-choir"
MANUAL = "ANAS-MANUAL-i-go-quiet"
OURS = "We ANAS-AND-BENS-PRINCIPLE keep it."
THIRD, PROPOSED = "ANAS-THIRD-the-late-shift", "BENS-THIRD-somebody-he-named"
DECIDED = "ANAS-AND-BENS-DECISION-two-evenings"
WORDS = (DRAFT, HAPPENED, HIDDEN, LINE, BENS, ASKED, OURS, MANUAL, THIRD, PROPOSED, DECIDED)


@dataclass
class World:
    """The people by their roles, their sessions, and what the URLs below name."""

    people: Mapping[str, Person | None]
    sessions: Mapping[str, str]
    objects: Mapping[str, Any]
    secret_from: Mapping[str, tuple[str, ...]]

    def url(self, place: Place, **instead: Any) -> str:
        """Return the address of `place` with ana's and ben's objects in it."""
        objects = {**self.objects, **instead}
        keys = {
            name: objects.get(f"{place.name}:{name}", objects.get(name)) for name in place.takes
        }
        return reverse(place.name, kwargs=keys)

    def told(self, role: str, response: HttpResponse) -> list[str]:
        """Return the words in an answer that its reader may not see, headers included."""
        everything = response.serialize().decode(errors="replace")
        return [words for words in self.secret_from[role] if words in everything]

    def ask(self, client: Client, role: str, method: str, url: str, **request: Any) -> HttpResponse:
        """Send one request as `role`, and undo whatever it did."""
        with self.staying(role, client):
            return client.generic(method, url, **request)  # type: ignore[return-value]

    @contextmanager
    def staying(self, role: str, client: Client) -> Iterator[Client]:
        """Let `client` be `role` for several requests, and undo them at the end."""
        self.enter_as(client, role)
        with undone():
            yield client

    def enter_as(self, client: Client, role: str) -> None:
        """Give the browser the cookies of `role`, and no others."""
        client.cookies = SimpleCookie()
        if session := self.sessions.get(role):
            client.cookies[settings.SESSION_COOKIE_NAME] = session


@contextmanager
def undone() -> Iterator[None]:
    """Leave nothing of what happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def build() -> World:
    """Return everybody, with a history."""
    ana, ben = make_couple(first=make_person(name="Anabel"), second=make_person(name="Benedict"))
    kim, _jo = make_couple(first=make_person(name="Kim"), second=make_person(name="Jo"))
    sol = Couple.start(by=make_person(name="Sol"), day_zone="UTC")
    ex, _gone = make_couple(first=make_person(name="Ex"), second=make_person(name="Gone"))
    ex.couple.end()
    desks = _desks(ana, ben)
    people: dict[str, Person | None] = {
        ANONYMOUS: None,
        BEARER: None,
        ANA: ana.person,
        BEN: ben.person,
        KIM: kim.person,
        CLEO: make_person(name="Cleo"),
        SOL: sol.person,
        EX: ex.person,
        **{
            role: Person.objects.create_superuser(f"{role}@example.com", PASSWORD)
            for role in (STAFF, OPERATOR)
        },
        **{role: practice.person for role, practice in desks.items()},
    }
    factor = {DR_LIN, DR_RO, UNVERIFIED, OPERATOR}
    sessions = {
        role: session_of(person, factor=role in factor) for role, person in people.items() if person
    }
    ours = (*WORDS, "Anabel", "Benedict")
    outside = {role: ours for role in ROLES if role not in {ANA, BEN, DR_LIN}}
    secret_from = {**outside, ANA: (BENS,), BEN: (DRAFT, HIDDEN, MANUAL), DR_LIN: WORDS}
    return World(people, sessions, _objects(ana, ben, sol, desks[DR_LIN]), secret_from)


def _desks(ana: Partner, ben: Partner) -> dict[str, Therapist]:
    ro = make_therapist(name="Dr. Ro")
    link_with_consent(ro, ana, ben).end(by=ben)
    lin = make_therapist(name="Dr. Lin")
    link_with_consent(lin, ana, ben)
    return {
        DR_LIN: lin,
        DR_RO: ro,
        UNVERIFIED: make_therapist(name="Dr. New", verified=False),
        BEFORE_FACTOR: make_therapist(name="Dr. Bare"),
    }


def _objects(ana: Partner, ben: Partner, sol: Partner, lin: Therapist) -> dict[str, Any]:
    draft = Repair.draft(by=ana, door="i_was_hurt", happened=DRAFT, how_much=4)
    Repair.draft(by=ben, door="i_hurt_you", happened=BENS, how_much=2)
    shared = share_repair(by=ana, happened=HAPPENED)
    for by, kind, words in (
        (ben, Kind.NOW, None),
        (ana, Kind.SETTLED, None),
        (ben, Kind.SETTLED, None),
        (ana, Kind.HURT, HIDDEN),
    ):
        act(shared, by=by, kind=kind, words=words)
    made = mark(by=ana)
    made.line = LINE
    made.save(update_fields=["line"])
    sent, linked = invite(lin), lin.links.exclude(linked_at=None).get()
    Closing.make(link=linked, by=lin, scope="manual")
    promised = Reminder.objects.filter(person=ana.person).first()
    assert promised is not None
    attempt = Delivery.objects.create(
        reminder=promised, channel="email", attempt=1, fence=1, began_at=database_now()
    )
    mine = {f"{name}:repair_id": draft.pk for name in ("repair_draft", "repair_removal")}
    return {
        **mine,
        "admin:couples_reminder_change:object_id": promised.pk,
        "admin:couples_delivery_change:object_id": attempt.pk,
        "repair_id": shared.pk,
        **_between(ana),
        "ritual_id": greeting_of(ana).pk,
        "mark_id": made.pk,
        "rest_id": rest(by=ana).pk,
        **_written(ana, ben),
        **_decided(ana),
        "consent_id": fresh(ana).consents.get(scope="rhythm", link__ended_at=None).pk,
        "practice_invitation_ending:link_id": sent.pk,
        "link_id": linked.pk,
        "closing_id": linked.closings.get().pk,
        "join:token": Invitation.make(by=sol).token,
        "us_therapist_invitation:token": invite(lin).token,
    }


def _between(ana: Partner) -> dict[str, Any]:
    """What she has asked, raised and written down for later, and an address that she has left."""
    return {
        **{
            f"{name}:topic_id": Topic.draft(by=ana, about="concern", words=DRAFT).pk
            for name in ("topic_draft", "topic_removal", "topic_raising")
        },
        "topic_id": raise_topic(by=ana, about="concern", words=ASKED).pk,
        "ask_id": put_ask(by=ana, what=ASKED).pk,
        "address_taking_back:token": AddressChange.record(
            person=ana.person, old="anas-old@example.com"
        ).new_token(),
        "matter_id": Matter.objects.create(
            couple=ana.couple, words=ASKED, added_by=ana, added_at=database_now()
        ).pk,
    }


def _written(ana: Partner, ben: Partner) -> dict[str, Any]:
    agreed, entry = agree(ana, ben, wording=OURS), write_manual(by=ana, text=MANUAL)
    named = name_third(by=ben, sort="friends", label=PROPOSED)
    scale, _longer = offer("csi-4"), offer("csi-16")
    return {
        "agreement_id": agreed.agreement_id,
        "version_id": agreed.pk,
        "entry_id": entry.pk,
        "pulse_id": answer_week(by=ana).pk,
        "measure_id": Measure.take(scale, (3, 3, 3, 3), by=ana, client_key=uuid.uuid4()).pk,
        "third_id": name_third(by=ana, label=THIRD).pk,
        "third_agreements:third_id": named.pk,
    }


def _decided(ana: Partner) -> dict[str, Any]:
    """The two sit down together; the topic is what they talk about."""
    meeting = begin_meeting(by=ana)
    item = meeting.items.get(kind="topic")
    return {
        "meeting_id": meeting.pk,
        "item_id": item.pk,
        "decision_id": decide(item, by=ana, words=DECIDED).pk,
    }


def session_of(person: Person, *, factor: bool) -> str:
    """Return the key of a session signed in just now, and with a second factor if asked for."""
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    now = time.time()
    methods: list[dict[str, Any]] = [{"method": "password", "at": now, "reauthenticated": True}]
    if factor:
        TOTP.activate(person, generate_totp_secret())
        methods.append({"method": "mfa", "at": now})
    store["account_authentication_methods_user"] = str(person.pk)
    store["account_authentication_methods"] = methods
    store.create()
    return str(store.session_key)


def elsewhere(place: Place) -> dict[str, Any]:
    """Return path arguments that name nothing at all."""
    return {name: "nothing" if name == "token" else uuid.uuid4() for name in place.takes}
