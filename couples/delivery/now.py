"""One message at once, to oneself, so that somebody sees whether reminders reach them."""

from __future__ import annotations

from enum import Enum, auto

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from couples.delivery.mail import Post
from couples.delivery.refusal import Certainty, certainty
from couples.models import Person


class Truth(Enum):
    """What became of it, as far as anybody here can know."""

    TAKEN = auto()
    REFUSED = auto()
    UNREACHED = auto()
    UNKNOWN = auto()


def send_one(person: Person) -> Truth:
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
    return Truth.TAKEN
