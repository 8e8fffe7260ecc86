"""Browsers that take push messages."""

from __future__ import annotations

from django.test import Client

from couples.models import Person, PushSubscription
from tests.couples.delivery.message_encryption import Receiver, to_text


def subscribe(person: Person, receiver: Receiver, endpoint: str) -> PushSubscription:
    """Return the subscription of a browser in which this person has just signed in."""
    client = Client()
    client.force_login(person)
    assert client.session.session_key
    return PushSubscription.subscribe(
        by=person,
        session_key=client.session.session_key,
        endpoint=endpoint,
        p256dh=to_text(receiver.public),
        auth=to_text(receiver.auth),
    )
