"""What the demo couple has answered about their weeks."""

from __future__ import annotations

from datetime import datetime, timedelta

from couples.days import week_of
from couples.models import Partner
from rituals.models import Pulse

WEEKS = [
    ((2, 3, 2), (3, 2, 3)),
    ((3, 3, 2), (3, 3, 2)),
    ((2, 2, 3), (4, 3, 3)),
    ((3, 4, 3), None),
    ((4, 3, 3), (3, 3, 4)),
    ((3, 3, 4), (4, 4, 4)),
    ((4, 4, 3), (3, 4, 3)),
    ((5, 4, 4), (4, 4, 5)),
    ((4, 4, 4), (5, 4, 4)),
    (None, (4, 5, 4)),
    ((5, 5, 4), (5, 4, 5)),
]
"""Answers of the two, oldest week first; the newest is last week's."""

STARTED_TO_SHARE = 5
"""Weeks before which each kept their answers to themselves."""


def put_in(one: Partner, other: Partner, *, now: datetime) -> None:
    """Answer most weeks and share the later ones; this week, the other has shared already."""
    for number, answers in enumerate(WEEKS):
        then = now - timedelta(weeks=len(WEEKS) - number)
        for by, given in zip((one, other), answers, strict=True):
            if given:
                _answer(by, given, then, shared=number >= STARTED_TO_SHARE)
    _answer(other, (5, 5, 5), now, shared=True)


def _answer(by: Partner, answers: tuple[int, ...], then: datetime, *, shared: bool) -> None:
    week = week_of(by.couple.today(then))
    kept = Pulse.answer(answers, by=by, week=week, now=then)
    if shared:
        kept.share(by=by, revision=kept.revision, now=then)
