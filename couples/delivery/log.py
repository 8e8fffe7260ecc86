"""What is logged about promises: one event each time one is settled, one for a failed attempt.

Ids, kinds and codes; never a person, an address or a word. The names of what an event may carry
are held together by tests/conventions/test_logs.py.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from couples.delivery.models.reminder import Outcome
from couples.models import Delivery, Reminder

log = structlog.stdlib.get_logger(__name__)

TROUBLE = {Outcome.FAILED, Outcome.AMBIGUOUS}
"""Outcomes that an operator may want to look at."""


def settled(
    reminder: Reminder, outcome: Outcome, *, now: datetime, delivery: Delivery | None = None
) -> None:
    """Log that this promise is settled, with its last attempt if there was one.

    Call it once the transaction that settles has committed: what is logged is then true.
    """
    say = log.warning if outcome in TROUBLE else log.info
    say(
        "promise settled",
        reminder=str(reminder.pk),
        kind=reminder.kind,
        outcome=str(outcome),
        late_seconds=max(0, int((now - reminder.due_at).total_seconds())),
        **_of(delivery),
    )


def not_taken(delivery: Delivery, reason: str) -> None:
    """Log that an attempt failed; `reason` is a kind and a code, never a server's words."""
    log.warning(
        "attempt failed", reminder=str(delivery.reminder_id), reason=reason, **_of(delivery)
    )


def put_back(reminder: Reminder) -> None:
    """Log that an operator has put a failed promise back."""
    log.info("promise put back", reminder=str(reminder.pk), kind=reminder.kind)


def _of(delivery: Delivery | None) -> dict[str, object]:
    if delivery is None:
        return {}
    return {
        "delivery": str(delivery.pk),
        "channel": str(delivery.channel),
        "attempt": delivery.attempt,
    }
