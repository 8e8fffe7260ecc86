"""What can come between the couple of the demo: work, a principle about screens, and a friend."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from couples.days import DAY
from couples.models import Area, Partner, Third, ThirdMoment
from couples.thirds.flow import Came

WEEKS = 7


def put_in(one: Partner, other: Partner, *, now: datetime) -> None:
    """Name a few thirds and say what came first, day by day, up to yesterday."""
    began = now - timedelta(weeks=WEEKS)
    work = _name(one, "work", now=began)
    screens = _name(other, "screens", "Phones in bed", now=began + DAY)
    rule = one.couple.agreements.filter(area=Area.THIRDS).first()
    screens.keep_principle(rule, by=one)
    _name(other, "friends", "The Friday band", now=now - DAY)
    for days_ago in range(WEEKS * 7 - 2, 0, -1):
        then = now - days_ago * DAY
        if days_ago % 3 == 1:
            hard = days_ago < 4 * 7 and days_ago % 2 == 1
            _say(work, one, Came.THIS if hard else Came.WE, now=then)
        if days_ago % 4 == 1:
            _say(work, other, Came.THIS if days_ago < 4 * 7 else Came.WE, now=then)
            _say(screens, other, Came.THIS if days_ago > 5 * 7 else Came.WE, now=then)


def _name(by: Partner, sort: str, label: str = "", *, now: datetime) -> Third:
    key = uuid.uuid4()
    return Third.put(by=by, sort=sort, label=label, is_person=False, client_key=key, now=now)


def _say(third: Third, by: Partner, came: Came, *, now: datetime) -> None:
    ThirdMoment.say(third, by=by, came=came, was="", day=by.couple.today(now), now=now)
