"""One message at once, to oneself, so that somebody sees whether reminders reach them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import Enum

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples.delivery import push
from couples.delivery.mail import Post
from couples.delivery.push import Result
from couples.delivery.smtp_errors import Certainty, certainty
from couples.models import Person, PushSubscription, Reminder

LASTS = timedelta(minutes=5)
"""How long the push service keeps it for a phone that is off."""


class Truth(Enum):
    """What became of it, as far as anybody here can know, in the words in which it is said."""

    MAILED = gettext_lazy("The mail server has taken it. It should be in your mailbox in a moment.")
    PUSHED = gettext_lazy("The push service has taken it. This device should show it in a moment.")
    REFUSED = gettext_lazy("It was refused, and will not arrive.")
    UNREACHED = gettext_lazy("The server for it could not be reached. Nothing was sent.")
    UNKNOWN = gettext_lazy("The other side went silent. It may arrive or not; nobody can know.")
    NO_DEVICE = gettext_lazy("This device takes no push messages now. Nothing was sent.")

    @property
    def words(self) -> str:
        """What is said about it on the next page."""
        return str(self.value)

    @property
    def is_good(self) -> bool:
        """True when it is on its way."""
        return self in {Truth.MAILED, Truth.PUSHED}


def mail_one(person: Person) -> Truth:
    """Send this person one e-mail now; it is no promise, and is never tried again."""
    mail = EmailMultiAlternatives(
        subject=_("Hi First: this is how a reminder arrives"),
        body=render_to_string("emails/now.txt"),
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    with Post() as post:
        try:
            post.greet()
        except OSError:
            return Truth.UNREACHED
        try:
            post.hand(mail)
        except (OSError, ValueError) as error:
            unknown = certainty(error) is Certainty.UNKNOWN
            return Truth.UNKNOWN if unknown else Truth.REFUSED
    return Truth.MAILED


def push_one(subscription: PushSubscription | None, *, now: datetime) -> Truth:
    """Push one message now, as any reminder comes; it is no promise, and is never tried again."""
    if subscription is None or not push.is_on():
        return Truth.NO_DEVICE
    alone = Reminder(pk=uuid.uuid4(), useful_until=now + LASTS)
    answer = push.send(subscription, alone, now=now)
    match answer.result:
        case Result.ACCEPTED:
            return Truth.PUSHED
        case Result.GONE:
            return Truth.NO_DEVICE
        case Result.AMBIGUOUS:
            return Truth.UNKNOWN
        case Result.FAILED:
            return Truth.REFUSED if answer.is_refusal else Truth.UNREACHED
