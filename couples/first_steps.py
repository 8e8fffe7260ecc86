"""The first three minutes: a name, who reads the mailbox, one example, and hi.

Where somebody is follows from what they have done, so that they can stop at any step and go on
from there on another phone. A step that was passed over counts as taken: nobody is asked twice.
"""

from __future__ import annotations

from couples.models import Person

STEPS = {"start_mailbox": "mailbox_asked_at", "start_example": "example_shown_at"}
"""The pages that follow the name, in order, and what a person has once they were there."""


def next_step(person: Person) -> str | None:
    """Return the name of the page that comes next for somebody with a name; None after the last."""
    return next((page for page, taken in STEPS.items() if getattr(person, taken) is None), None)
