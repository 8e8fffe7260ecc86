"""Who may enter: one row a URL, everybody else by rule, for GET and POST, with htmx or without."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from couples.learning import LESSONS
from tests.access import people
from tests.access.library import GUESTS, LIBRARY, SIGNED_IN, UNDER_WAY
from tests.access.people import ANA, BEN, DR_LIN, World, elsewhere
from tests.access.urls import places

pytestmark = pytest.mark.django_db

PLACES = {place.name: place for place in places()}
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/repairs/"}
STRANGERS = {people.ANONYMOUS, people.BEARER}
PARTNERS = {ANA, BEN, people.KIM, people.SOL}
# One for each way a gate can answer, and everybody who comes in.
BY_HTMX = {
    *(people.ANONYMOUS, people.CLEO, people.BEFORE_FACTOR, ANA, BEN, people.KIM, DR_LIN),
    people.OPERATOR,
}


class Outcome(StrEnum):
    IN = "in"
    METHOD = "method refused"
    MISSING = "missing"
    SIGN_IN = "sent to sign in"
    WELCOME = "sent to the welcome"
    START = "sent to start"
    APPLY = "sent to apply"
    FACTOR = "sent to the second factor"


class Row(NamedTuple):
    """Whom the gate lets pass, what can be done there, and for whom the path's object exists."""

    gate: str
    methods: str
    exists_for: frozenset[str] = frozenset(people.ROLES)


PAGE, FORM, POST = "GET", "GET POST", "POST"
BOTH, AUTHOR, HERS = frozenset({ANA, BEN}), frozenset({ANA}), frozenset({DR_LIN})

REPAIR_ACTS = [
    f"repair_{noun}"
    for noun in (
        *("beginnings", "asking_again", "settlings", "tellings", "hurts", "echoes", "hearings"),
        *("parts", "receptions", "bonds", "safe_answers", "rounds", "sessions", "holds"),
        *("reopenings", "keepings", "in_person", "changes", "pauses", "returns", "unsaid"),
    )
]

REMINDER_ACTS = ("reminder_now", "reminder_device", "reminder_device_removal")
FELT_ACTS = [f"felt_measure_{verb}" for verb in ("removal", "showings", "hidings")]
TABLE = {
    "today": Row("partner or welcome", PAGE),
    "welcome": Row("anyone", PAGE),
    "start": Row("person", FORM),
    **dict.fromkeys(("start_mailbox", "start_example"), Row("partner", FORM)),
    "invitation": Row("partner", POST),
    "invitation_taking_back": Row("partner", POST),
    "join": Row("bearer", FORM),
    "us": Row("partner", PAGE),
    **dict.fromkeys(["principles", "principle_shelf", "manual"], Row("partner", PAGE)),
    "principle_new": Row("partner", FORM),
    "principle_wordings": Row("partner", FORM, BOTH),
    **dict.fromkeys(["principle", "principle_history"], Row("partner", PAGE, BOTH)),
    **dict.fromkeys(["principle_signatures", "principle_withdrawals"], Row("partner", POST, BOTH)),
    **dict.fromkeys(["thirds", "thirds_let_go", "their_manual"], Row("partner", PAGE)),
    "third_new": Row("partner", FORM),
    "third": Row("partner", PAGE, BOTH),
    **dict.fromkeys(
        ["third_agreements", "third_endings", "third_moments", "third_principles"],
        Row("partner", POST, BOTH),
    ),
    **dict.fromkeys(("phone_clock", "clock_moves", "clock_keepings"), Row("partner", POST)),
    **dict.fromkeys(("me", "manual_new", "reminders"), Row("partner", FORM)),
    "manual_entry": Row("partner", FORM, AUTHOR),
    "manual_removal": Row("partner", POST, AUTHOR),
    "safety": Row("anyone", PAGE),
    **dict.fromkeys(["learn", *(lesson.name for lesson in LESSONS)], Row("anyone", PAGE)),
    "leave_quickly": Row("anyone", POST),
    "come_back": Row("anyone", POST),
    **dict.fromkeys(("healthz", "readyz", "service_worker"), Row("anyone", PAGE)),
    "rituals": Row("partner", PAGE),
    "ritual_new": Row("partner", FORM),
    "ritual": Row("partner", PAGE, BOTH),
    "ritual_weekdays": Row("partner", POST, BOTH),
    "ritual_ending": Row("partner", POST, BOTH),
    "ritual_taking_up": Row("partner", POST, BOTH),
    "ritual_leaving": Row("partner", POST, BOTH),
    "ritual_time": Row("partner", POST, BOTH),
    "ritual_marks": Row("partner", POST, BOTH),
    "ritual_calendar": Row("partner", PAGE),
    **dict.fromkeys(("rests", "couple_days", "meeting", "good_days"), Row("partner", FORM)),
    "my_practice": Row("partner", PAGE),
    "rest_ending": Row("partner", POST, BOTH),
    "mark": Row("partner", FORM, AUTHOR),
    "mark_manner": Row("partner", POST, AUTHOR),
    "mark_taking_back": Row("partner", POST, AUTHOR),
    **dict.fromkeys(("approaches", "approach_taking_back"), Row("partner", POST)),
    "appreciations": Row("partner", FORM),
    **dict.fromkeys(("asks", "asks_older"), Row("partner", PAGE)),
    **dict.fromkeys(("ask_new", "ask_matters"), Row("partner", FORM)),
    "reminder_off": Row("anyone", FORM),
    "ask_matter_dropping": Row("partner", POST, BOTH),
    "ask": Row("partner", PAGE, BOTH),
    **dict.fromkeys(("ask_muting", "ask_unmuting"), Row("partner", POST, BOTH)),
    "ask_answers": Row("partner", POST, BOTH),
    "ask_counters": Row("partner", POST, BOTH),
    "ask_agreements": Row("partner", POST, BOTH),
    "ask_endings": Row("partner", POST, BOTH),
    "topics": Row("partner", PAGE),
    "topic_new": Row("partner", FORM),
    "topic": Row("partner", PAGE, BOTH),
    "topic_draft": Row("partner", FORM, AUTHOR),
    "topic_removal": Row("partner", POST, AUTHOR),
    "topic_raising": Row("partner", POST, AUTHOR),
    "topic_muting": Row("partner", POST, BOTH),
    "topic_unmuting": Row("partner", POST, BOTH),
    "topic_hearings": Row("partner", POST, BOTH),
    "topic_closings": Row("partner", POST, BOTH),
    **dict.fromkeys(("topic_withdrawals", "topic_leaves"), Row("partner", POST, BOTH)),
    **dict.fromkeys(("felt", "felt_weeks"), Row("partner", PAGE)),
    **dict.fromkeys(("felt_pulse", "felt_scale_csi-4", "felt_scale_csi-16"), Row("partner", FORM)),
    **dict.fromkeys(
        [*FELT_ACTS, "felt_sharings", "felt_takings_back"], Row("partner", POST, AUTHOR)
    ),
    **dict.fromkeys(["our_time", "our_time_past"], Row("partner", PAGE)),
    **dict.fromkeys(("our_time_beginnings", *REMINDER_ACTS), Row("partner", POST)),
    **dict.fromkeys(["our_time_steps", "our_time_endings"], Row("partner", POST, BOTH)),
    **dict.fromkeys(["our_time_thanks", "our_time_closings"], Row("partner", POST, BOTH)),
    **dict.fromkeys(["our_time_decisions", "decision_strikings"], Row("partner", POST, BOTH)),
    **dict.fromkeys(["repairs", "repairs_over_time"], Row("partner", PAGE)),
    **dict.fromkeys(["repair_new", "repair_small", "repair_part"], Row("partner", FORM)),
    "repair": Row("partner", PAGE, BOTH),
    "repair_draft": Row("partner", FORM, AUTHOR),
    "repair_removal": Row("partner", POST, AUTHOR),
    **dict.fromkeys(REPAIR_ACTS, Row("partner", POST, BOTH)),
    "practice": Row("therapist", PAGE),
    "practice_couple": Row("therapist", PAGE, HERS),
    "practice_application": Row("person", FORM),
    "practice_invitations": Row("therapist", FORM),
    "practice_invitation_ending": Row("therapist", POST, HERS),
    "practice_sharing": Row("therapist", PAGE),
    "practice_closings": Row("therapist", POST, HERS),
    "practice_closing_withdrawal": Row("therapist", POST, HERS),
    "practice_link_ending": Row("therapist", POST, HERS),
    "us_therapist": Row("partner", PAGE),
    "us_therapist_readings": Row("partner", PAGE),
    "us_therapist_acceptance": Row("partner", POST, BOTH),
    "us_therapist_acceptance_withdrawal": Row("partner", POST, BOTH),
    "us_therapist_consents": Row("partner", FORM, BOTH),
    "us_therapist_consent_withdrawal": Row("partner", POST, AUTHOR),
    "us_therapist_ending": Row("partner", POST, BOTH),
    **dict.fromkeys(("admin:index", "admin:jsi18n", "admin:app_list"), Row("operator", PAGE)),
    "account_reauthenticate_code": Row("person", FORM),
    "address_taking_back": Row("anyone", FORM),  # for whoever holds the link
    "admin:couples_reminder_changelist": Row("operator", FORM),
    "admin:couples_delivery_changelist": Row("operator", PAGE),
    "admin:couples_reminder_change": Row("operator", PAGE),
    "admin:couples_delivery_change": Row("operator", PAGE),
    "us_therapist_invitation": Row("person", FORM),  # whoever cannot take it is told why
}


def at_the_gate(gate: str, role: str, method: str) -> Outcome:
    """Say what the gate makes of a role."""
    if gate == "anyone" or (gate == "bearer" and method == "GET"):
        return Outcome.IN
    if gate == "operator":
        # Staff without a second factor are sent to it; to all others nothing is there.
        known = {people.OPERATOR: Outcome.IN, people.STAFF: Outcome.FACTOR}
        return known.get(role, Outcome.MISSING)
    if role in STRANGERS:
        return Outcome.WELCOME if gate == "partner or welcome" else Outcome.SIGN_IN
    if gate in {"person", "bearer"}:
        return Outcome.IN
    if gate == "therapist":
        # dr_ro comes in, to a desk with nobody on it.
        desks = {DR_LIN: Outcome.IN, people.DR_RO: Outcome.IN, people.BEFORE_FACTOR: Outcome.FACTOR}
        return desks.get(role, Outcome.APPLY)
    return Outcome.IN if role in PARTNERS else Outcome.START


def expected(name: str, role: str, method: str) -> Outcome:
    """Say by rule what must come of a request."""
    row = TABLE[name]
    gate = at_the_gate(row.gate, role, method)
    if gate is not Outcome.IN:
        return gate
    if method not in row.methods.split():
        return Outcome.METHOD
    return Outcome.IN if role in row.exists_for else Outcome.MISSING


SENT = {
    "account_login": Outcome.SIGN_IN,
    "welcome": Outcome.WELCOME,
    "start": Outcome.START,
    "practice_application": Outcome.APPLY,
    "mfa_index": Outcome.FACTOR,
    "mfa_reauthenticate": Outcome.FACTOR,
}
PLAIN = {404: Outcome.MISSING, 405: Outcome.METHOD}
FINE = {200, 302, 303, 409, 422}


def outcome(response: HttpResponse, *, htmx: bool = False) -> Outcome | str:
    """Read from an answer what came of the request."""
    if response.status_code in PLAIN:
        return PLAIN[response.status_code]
    whole, part = response.headers.get("HX-Redirect", ""), response.headers.get("Location", "")
    for name, sent in SENT.items():
        if reverse(name) == urlsplit(whole or part).path:
            # A redirect would be followed by htmx, and the page be put into a card of another.
            return f"{sent} inside a card" if htmx and part else sent
    return Outcome.IN if response.status_code in FINE else f"status {response.status_code}"


def test_every_url_has_one_row_and_every_row_a_url() -> None:
    assert {*TABLE, *LIBRARY} == set(PLACES)
    assert not set(TABLE) & LIBRARY


@pytest.mark.parametrize("name", TABLE)
def test_everybody_comes_as_far_as_the_table_says_and_reads_no_more(
    world: World, client_for_all: Client, name: str
) -> None:
    wrong = {}
    url = world.url(PLACES[name])
    for role in people.ROLES:
        for method in ("GET", "POST"):
            for headers in ({}, HTMX) if role in BY_HTMX else ({},):
                answer = world.ask(client_for_all, role, method, url, headers=headers)
                came, told = outcome(answer, htmx=bool(headers)), world.told(role, answer)
                if came != expected(name, role, method) or told:
                    wrong[role, method, bool(headers)] = (came, told)
    assert not wrong


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_pages_of_the_library_let_in_whom_they_are_for(
    world: World, client_for_all: Client, name: str
) -> None:
    url = world.url(PLACES[name])
    for role in people.ROLES:
        for method in ("GET", "POST"):
            answer = world.ask(client_for_all, role, method, url)
            came = outcome(answer)
            assert not world.told(role, answer)
            if name in UNDER_WAY:
                assert answer.status_code == 302
            elif role in STRANGERS and name in SIGNED_IN:
                assert came == Outcome.SIGN_IN
            elif name in GUESTS:
                assert answer.status_code == (200 if role in STRANGERS else 302)
            else:
                assert came in {*Outcome} - {Outcome.SIGN_IN}


@pytest.mark.parametrize("name", [name for name in TABLE if PLACES[name].takes])
def test_what_does_not_exist_is_missing_for_everybody(
    world: World, client_for_all: Client, name: str
) -> None:
    """Somebody else's object and none at all look alike, so nobody learns that it is there."""
    place = PLACES[name]
    url = reverse(name, kwargs=elsewhere(place))
    method = TABLE[name].methods.split()[-1]
    for role in BY_HTMX:
        gate = at_the_gate(TABLE[name].gate, role, "GET")
        inside = gate is Outcome.IN
        answer = world.ask(client_for_all, role, method, url)
        assert (answer.status_code == 404) == (gate in {Outcome.IN, Outcome.MISSING}), role
        if inside and role not in TABLE[name].exists_for:
            foreign = world.ask(client_for_all, role, method, world.url(place))
            assert _page(foreign) == _page(answer), role


def _page(response: HttpResponse) -> str:
    """The words of a page without its one-time token."""
    return response.content.decode().split("<main", 1)[-1].split("csrfmiddlewaretoken")[0]
