"""What Alex and Sam wrote about themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from couples.models import ManualEntry, Partner, Question, Sharing


def put_in(one: Partner, other: Partner, *, now: datetime) -> None:
    """Let each say something to the other, and one keep something to themselves."""
    entries = [
        (
            one,
            Question.HOME,
            "Ten minutes without questions. Then I am all yours.",
            Sharing.PARTNER,
        ),
        (one, Question.UPSET, "Tidying the kitchen, loudly.", Sharing.PRIVATE),
        (other, Question.HELPS, "A hand on my back, and no advice yet.", Sharing.PARTNER),
        (other, Question.HOME, "A hug before the news of the day.", Sharing.PARTNER),
    ]
    for by, question, text, sharing in entries:
        ManualEntry.write(
            by=by, question=question, text=text, sharing=sharing, client_key=uuid4(), now=now
        )
