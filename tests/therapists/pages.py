"""Pages as their bytes say them."""

from __future__ import annotations

import re
from datetime import date

from django.test import Client

from couples.clock import database_now
from couples.models import Partner


def page(client: Client) -> str:
    """Return the caseload, white space drawn together."""
    response = client.get("/practice/")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def without_tokens(content: bytes) -> str:
    """Return a page without what differs from one drawing of it to the next."""
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", content.decode())
    return re.sub(r'"x-csrftoken": "[^"]+"', "", text)


def today_of(partner: Partner) -> date:
    """Return the present day of the partner's couple."""
    return partner.couple.today(database_now())
