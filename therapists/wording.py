"""Days as a therapist or a couple would say them. No clock time ever."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def day_words(day: date, *, today: date) -> str:
    """Return `day` seen from `today`: today, yesterday, Friday, 9 Nov."""
    ago = today - day
    if ago == timedelta(0):
        return _("today")
    if ago == timedelta(days=1):
        return _("yesterday")
    return date_format(day, "l" if timedelta(0) < ago < timedelta(days=7) else "j M")


def since_words(day: date, *, today: date) -> str:
    """Return a beginning as short as a table cell wants it: since today, Wed, 9 Nov."""
    ago = today - day
    if ago == timedelta(0):
        return _("since today")
    shape = "D" if timedelta(0) < ago < timedelta(days=7) else "j M"
    return _("since %(day)s") % {"day": date_format(day, shape)}
