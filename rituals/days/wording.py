"""Days of the week in words."""

from __future__ import annotations

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from rituals.days.models.ritual import EVERY_DAY

WORKING_DAYS = 0b0011111
WEEKEND = 0b1100000


def weekday_words(weekdays: int) -> str:
    """Return the days behind these bits as a person would say them."""
    whole = {
        EVERY_DAY: _("every day"),
        WORKING_DAYS: _("Monday to Friday"),
        WEEKEND: _("at the weekend"),
    }
    if weekdays in whole:
        return whole[weekdays]
    chosen = [number for number in WEEKDAYS if weekdays & (1 << number)]
    names = WEEKDAYS if len(chosen) == 1 else WEEKDAYS_ABBR
    return ", ".join(str(names[number]) for number in chosen)
