"""The demo couple's time together: two evenings behind them, and what they decided."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from couples.days import DAY
from couples.models import Agreement, Partner
from rituals.meetings.flow import Kind
from rituals.models import Appreciation, Decision, Meeting, Outcome

EVENINGS = [
    (13, "topic", "Whoever is home first starts dinner, and nobody keeps count."),
    (6, "next_week", "On Wednesdays we both stop at six."),
]
"""Days ago, the item they were at, and what they decided."""

AGREED = "We both stop at six on Wednesdays."


def put_in(one: Partner, other: Partner, *, now: datetime) -> None:
    """Put in two evenings; of the latest decision they made a principle."""
    for days_ago, kind, words in EVENINGS:
        then = now - days_ago * DAY
        Appreciation.say("You laughed at my joke.", by=one, client_key=uuid.uuid4(), now=then)
        meeting = Meeting.begin(by=one, client_key=uuid.uuid4(), now=then)
        _walk(meeting, one, other, then)
        items = meeting.items.select_related("meeting")
        item = items.filter(kind=kind).first() or items.latest("position")
        key, at = uuid.uuid4(), then + timedelta(minutes=20)
        Decision.keep(words, item=item, by=other, client_key=key, now=at)
        meeting.move(Kind.END, by=other, now=at + timedelta(minutes=1))
    _agree(one, other, now=now)


def _walk(meeting: Meeting, one: Partner, other: Partner, then: datetime) -> None:
    for step in range(meeting.items.count()):
        at = then + timedelta(minutes=2 * step)
        meeting.move(Kind.NEXT, by=(one, other)[step % 2], answers=step, now=at)


def _agree(one: Partner, other: Partner, *, now: datetime) -> None:
    decision, then = one.couple.decisions.latest("kept_at"), now - 5 * DAY
    made = Agreement.propose(
        by=one, area="first", wording=AGREED, client_key=uuid.uuid4(), now=then
    )
    made.sign(by=other, now=then + DAY)
    Outcome.note(decision, "principle", made.agreement_id, by=one, now=then)
