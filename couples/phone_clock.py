"""The clock of the phone in somebody's hand, beside the one that their reminders follow.

A phone says its zone and how it counts the hours when Today opens (static/js/clock.js). Where it
shows another time than the person chose, Today asks them once whether their reminders shall move;
nothing moves unasked, what they answer is kept for that zone, and nobody else is told that there
was a question. What the phone said is kept in its session alone.
"""

from __future__ import annotations

from datetime import datetime

from couples.access import PartnerRequest
from couples.cards import Card, Place
from couples.models import Person
from couples.zones import NO_CITY, city_of, is_known, present_name, same_clock

SAID = "phone_clock"
"""The name in the session of what this phone said: "Asia/Tokyo false" (counts to twelve: no)."""

LONGEST = 80
"""Characters of that."""


def hear(request: PartnerRequest, said: str) -> bool:
    """Keep what this phone says of its clock; True when Today has something to ask."""
    if said == request.session.get(SAID) or len(said) > LONGEST:
        return False
    request.session[SAID] = said
    request.partner.person.count_hours(hours_of(said))
    return bool(today(request))


def hours_of(said: str) -> int | None:
    """Return to how many the phone counts the hours, 12 or 24; None when it said nothing of it."""
    return {"true": 12, "false": 24}.get(said.rpartition(" ")[2])


def today(request: PartnerRequest) -> list[Card]:
    """The question, while there is one."""
    person = request.partner.person
    phone = present_name(request.session.get(SAID, "").partition(" ")[0])
    if asks(person, phone=phone, now=request.now):
        shows = {"phone": phone, "city": city_of(phone), "mine": city_of(person.time_zone)}
        return [Card("couples/phone_clock.html", shows, Place.LAST, for_one=True)]
    if is_nowhere(person.time_zone) and NO_CITY not in person.kept_clock_in():
        shows = {"phone": "", "kept": NO_CITY}
        return [Card("couples/phone_clock.html", shows, Place.LAST, for_one=True)]
    return []


def asks(person: Person, *, phone: str, now: datetime) -> bool:
    """Say whether a phone in the zone `phone` shows another time than this person wants."""
    if not is_known(phone) or phone == NO_CITY or same_clock(phone, person.time_zone, now=now):
        return False
    return not any(same_clock(phone, zone, now=now) for zone in person.kept_clock_in())


def is_nowhere(zone: str) -> bool:
    """Say whether nobody ever said where this is: UTC stands in, which is where nobody lives."""
    return not is_known(zone) or present_name(zone) == NO_CITY
