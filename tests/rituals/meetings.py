"""What two people do in their time together, as their phones would post it."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

from django.test import Client

from couples.clock import database_now
from couples.models import Partner
from couples.principles.models.signature import Signature
from rituals.models import Meeting
from tests.factories import agree, crowd_in, name_third, put_ask, raise_topic

PAGE = "/our-time/"
PAST = "/our-time/past/"


def page_of(client: Client, url: str = PAGE) -> str:
    """Return a page as a browser shows it."""
    return client.get(url).content.decode()


def begin(client: Client) -> Meeting:
    """Tap "Begin", and return the meeting that is under way."""
    client.post(f"{PAGE}beginnings/", {"client_key": str(uuid.uuid4())})
    return Meeting.objects.get(ended_on=None)


def move(client: Client, meeting: Meeting, to: str = "next", *, answers: int | None = None) -> str:
    """Tap "Next" or "Back", on a page drawn just now unless said; return the page that follows."""
    if answers is None:
        meeting.refresh_from_db()
        answers = meeting.step
    posted = {"to": to, "answers": str(answers)}
    return client.post(f"{PAGE}{meeting.pk}/steps/", posted, follow=True).content.decode()


def keep(client: Client, meeting: Meeting, words: str, *, at: int, key: str = "") -> str:
    """Keep a decision on the item at a position; return the page that follows."""
    item = meeting.items.get(position=at)
    posted = {"words": words, "client_key": key or str(uuid.uuid4())}
    url = f"{PAGE}items/{item.pk}/decisions/"
    return client.post(url, posted, follow=True).content.decode()


def end(client: Client, meeting: Meeting) -> str:
    """Tap "Stop here"; return the page that follows."""
    return client.post(f"{PAGE}{meeting.pk}/endings/", follow=True).content.decode()


def plain(page: str) -> str:
    """Return a page without its keys and one-time tokens."""
    return re.sub(r'"[0-9a-zA-Z-]{36,64}"', "", page)


def fill(ana: Partner, ben: Partner) -> None:
    """Give them one thing of every kind to talk about."""
    raise_topic(by=ana, words="The spring")
    put_ask(by=ben, what="Dinner on Thursday")
    version = agree(ana, ben, wording="We come back.")
    soon = ana.couple.today(database_now()) + timedelta(days=9)
    Signature.objects.filter(version=version).update(lapses_on=soon)
    crowd_in(name_third(by=ana, label="The late shift"), by=ana)
