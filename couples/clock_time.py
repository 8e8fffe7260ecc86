"""One form of clock times for each person: as their phone counts the hours.

Everything that shows somebody a time asks here, so that "6:30 p.m." never stands beside the 18:30
of an <input type="time"> on the same phone.
"""

from __future__ import annotations

from datetime import datetime, time

from django.utils.formats import time_format

from couples.models import Person

FORMS = {12: "P", 24: "H:i"}


def clock_time(at: time | datetime, *, of: Person) -> str:
    """Return a clock time for the eyes of `of`; by the language's habit until a phone has said."""
    return time_format(at, FORMS.get(of.counts_hours_to or 0))
