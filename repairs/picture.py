"""What repairs bring to the picture over time: when the two came back to each other."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.utils.translation import gettext as _

from couples.days import week_of
from couples.models import Partner
from rituals.felt.picture import WEEK, Chart, Line


def mended(me: Partner, weeks: list[date]) -> list[Chart]:
    """How many repairs were mended in each week, by both; one query."""
    if not weeks:
        return []
    days = me.couple.repairs.filter(mended_on__range=(weeks[0], weeks[-1] + WEEK))
    count = Counter(week_of(day) for day in days.values_list("mended_on", flat=True) if day)
    values = [count[week] for week in weeks]
    line = Line(_("Came back to each other"), values, [str(each) for each in values])
    return [Chart(line.name, max(2, *values), [line], marks=True)]
