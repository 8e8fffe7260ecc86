"""What nobody proved goes after a week, and nothing else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from couples.accounts.unproved import KEPT, sweep
from couples.clock import database_now
from couples.models import Couple, Person
from tests.couples.accounts.codes import VERIFY, sign_up
from tests.factories import make_person

pytestmark = pytest.mark.django_db

ADDRESS = "owner@example.com"


def swept_after(wait: timedelta) -> bool:
    sweep(now=database_now() + wait)
    return not Person.objects.filter(email=ADDRESS).exists()


def test_an_account_that_nobody_proved_goes_after_a_week() -> None:
    sign_up(Client(), ADDRESS)
    assert not swept_after(KEPT - timedelta(minutes=5))
    assert swept_after(KEPT + timedelta(minutes=5))


def test_who_comes_after_that_signs_up_anew() -> None:
    sign_up(Client(), ADDRESS)
    assert swept_after(2 * KEPT)
    client = Client()
    client.post(VERIFY, {"code": sign_up(client, ADDRESS)})
    assert EmailAddress.objects.get(email=ADDRESS).verified


def test_whoever_was_proved_belongs_somewhere_or_runs_the_site_stays() -> None:
    client = Client()
    client.post(VERIFY, {"code": sign_up(client, ADDRESS)})
    moving = make_person(name="Ana")
    EmailAddress.objects.create(user=moving, email="new@example.com", verified=False)
    paired = make_person(name="Ben")
    Couple.start(by=paired, day_zone="UTC")
    staff = make_person(name="Op")
    staff.is_staff = True
    staff.save(update_fields=["is_staff"])
    EmailAddress.objects.filter(user__in=[paired, staff]).update(verified=False)
    Person.objects.create_superuser("first@example.com", "nobody knows this")
    before = set(Person.objects.values_list("pk", flat=True))
    sweep(now=database_now() + 100 * KEPT)
    assert set(Person.objects.values_list("pk", flat=True)) == before
