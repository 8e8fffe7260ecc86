"""An instant that a page shows as a day is a day of its reader's own clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from couples.models import Partner
from tests.conftest import ClientOf
from tests.factories import PASSWORD
from tests.therapists.factories import invite, make_therapist
from therapists.models import TherapistLink

NOON = datetime(2031, 6, 10, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Pacific/Kiritimati", "11 June"),
        ("Europe/Berlin", "10 June"),
        ("", "10 June"),
        ("Nowhere/Land", "10 June"),
    ],
)
def test_since_when_one_is_signed_in(
    ana: Partner, client_of: ClientOf, zone: str, day: str
) -> None:
    type(ana.person).objects.filter(pk=ana.person_id).update(time_zone=zone)
    elsewhere = {"login": ana.person.email, "password": PASSWORD}
    assert Client().post("/accounts/login/", elsewhere).status_code == 302
    UserSession.objects.update(created_at=NOON)
    here = client_of(ana)
    assert f"since {day}" in here.get("/accounts/sessions/").content.decode()


def test_until_when_a_therapists_invitation_is_open(
    client_of: ClientOf, settings: Settings, db: None
) -> None:
    settings.DEMO = True  # no second factor
    lin = make_therapist()
    type(lin.person).objects.filter(pk=lin.person_id).update(time_zone="Pacific/Kiritimati")
    TherapistLink.objects.filter(pk=invite(lin).pk).update(expires_at=NOON)
    page = client_of(lin.person).get("/practice/invitations/").content.decode()
    assert "Open until 11 June." in page


def test_the_next_request_of_the_same_thread_has_its_own_clock(
    ana: Partner, client_of: ClientOf
) -> None:
    client_of(ana).get("/me/")
    assert timezone.get_current_timezone_name() == "UTC"
