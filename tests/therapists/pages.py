"""Pages as their bytes say them."""

from __future__ import annotations

import re
from datetime import date

from django.test import Client

from couples.clock import database_now
from couples.models import Partner
from rituals.models import Measure
from tests.conftest import ClientOf
from therapists.models import Therapist, TherapistLink


def page(client: Client) -> str:
    """Return the caseload, white space drawn together."""
    response = client.get("/practice/")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def couple_page(client_of: ClientOf, by: Therapist, link: TherapistLink) -> str:
    """Return the page of one couple, or the status that came instead."""
    answer = client_of(by.person).get(f"/practice/couples/{link.pk}/")
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def show(browser: Client, measure: Measure, verb: str = "showings") -> None:
    """Show a result to the therapist, or hide it, as a tap would."""
    browser.post(f"/us/felt/{measure.pk}/{verb}/")


def without_tokens(content: bytes) -> str:
    """Return a page without what differs from one drawing of it to the next."""
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", content.decode())
    return re.sub(r'"x-csrftoken": "[^"]+"', "", text)


def today_of(partner: Partner) -> date:
    """Return the present day of the partner's couple."""
    return partner.couple.today(database_now())
