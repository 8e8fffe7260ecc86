"""Promises kept by push, and the judgement over them by a browser that reads what arrives."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag

from couples.delivery.models.preference import Way
from couples.delivery.models.reminder import Outcome
from couples.models import Person, Preference, PushSubscription, Reminder
from tests.couples.delivery.devices import subscribe
from tests.couples.delivery.message_encryption import Receiver, Unreadable
from tests.couples.delivery.promises import KIND, promise
from tests.couples.delivery.push_service import PushService
from tests.faults.promised import NOW, someone
from tests.faults.registry import Tally


@dataclass
class Browser:
    """A browser with its subscription: what its service took for it, and what it can read of it."""

    service: PushService
    person: Person
    receiver: Receiver = field(default_factory=Receiver.new)
    path: str = field(default_factory=lambda: f"/send/{uuid.uuid4().hex}")

    def __post_init__(self) -> None:
        self.subscription: PushSubscription = subscribe(
            self.person, self.receiver, f"{self.service.origin}{self.path}"
        )

    @property
    def subscribed(self) -> bool:
        """True while we would send to it."""
        return PushSubscription.objects.filter(pk=self.subscription.pk).exists()

    def taken(self) -> list[tuple[str, str]]:
        """Return topic and tag of each message, in the order in which they came.

        One that cannot be read has an empty tag: a browser drops it without a word.
        """
        ours = [request for request in list(self.service.arrived) if request.path == self.path]
        return [(request.headers["Topic"], self._tag(request.body)) for request in ours]

    def _tag(self, body: bytes) -> str:
        try:
            return str(json.loads(self.receiver.read(body))["tag"])
        except (Unreadable, InvalidTag, ValueError, KeyError):
            return ""


def one_with_push() -> Person:
    """Return somebody who wants to be told by push."""
    person = someone()
    Preference.choose(person, KIND, Way.PUSH)
    return person


def pushes(person: Person, count: int) -> list[Reminder]:
    """Return promises to them, due now."""
    return [promise(person, due=NOW) for _promise in range(count)]


def judge_push(made: Iterable[Reminder], browser: Browser) -> Tally:
    """Say what became of promises on one phone.

    Lost: not one readable message, or not known to be sent. Doubled: the phone shows two, because
    copies of one promise have different tags, or wait at the service under different topics.
    """
    taken, tally = browser.taken(), Tally()
    for reminder in Reminder.objects.filter(pk__in=[each.pk for each in made]):
        name = reminder.pk.hex
        copies = [each for each in taken if name in each]
        known = reminder.outcome == Outcome.SENT and bool(copies)
        tally += Tally(
            lost=int(not known),
            doubled=int(any(each != (name, name) for each in copies)),
        )
    readable = {tag for _topic, tag in taken}
    return tally + Tally(lost=int("" in readable))
