"""What the rituals put on pages that belong to everybody."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import FilteredRelation, Q
from django.utils.translation import gettext as _

from couples.access import PartnerRequest
from couples.cards import Card, Place, cards
from couples.days import week_of
from couples.models import Couple, Partner, Question, shared_with
from rituals.models import Approach, GoodDay, Mark, Ritual
from rituals.models.good_day import question_of
from rituals.models.ritual import rituals_of
from rituals.rhythm import SPAN, Known, drawn, first_day, rhythm


@dataclass(frozen=True)
class RitualToday:
    """One ritual on the couple's present day, as one partner sees it."""

    ritual: Ritual
    date: date
    mine: Mark | None
    theirs: Mark | None
    client_key: uuid.UUID
    for_one: bool = False

    @property
    def closed(self) -> bool:
        """True once both have marked it."""
        return self.mine is not None and self.theirs is not None

    @property
    def line(self) -> str:
        """What stands under its name: what there is, never what is missing."""
        if self.for_one:
            return self._line_for_one
        if self.closed:
            return _("Both of you, today.")
        if self.mine:
            return _("Yours is there. The circle is open for the two of you.")
        if self.theirs:
            return _("One tap closes the circle.")
        return _("The circle is open for the two of you.")

    @property
    def _line_for_one(self) -> str:
        if self.mine:
            return _("Yours is there.")
        if self.ritual.is_greeting:
            return _("Greet anyway, in your own way.")
        return _("In your own way, today.")


def today(request: PartnerRequest) -> list[Card]:
    """The day's rituals, what the other has just told, what waits, and the rhythm below them."""
    me, day = request.partner, request.partner.couple.today(request.now)
    rituals, tellers = rituals_of(me.couple), _tellers(me.couple, day)
    planned = _planned(rituals, me, day)
    since = first_day(me.couple, today=day, span=SPAN)
    known = Known.of(me.couple, since=min(since, day), until=day)
    # The first ritual stays in its place once it is marked: the circle is seen to close, and a
    # second tap on the same spot marks nothing else.
    hero = next(iter(planned), None)
    to_mark = hero if hero and not hero.mine else None
    signs = {"hero": hero, "others": [each for each in planned if each is not hero]}
    lately = drawn(rituals, known, since=since, today=day)
    resting = known.rest_on(day)
    return [
        *_rest(resting),
        Card("rituals/told.html", _told(request, tellers), Place.FIRST),
        Card("rituals/today.html", signs, Place.FIRST, for_one=True),
        *gate(request, planned, resting=resting is not None),
        *_good_day(request, day, tellers),
        # A strip without a single circle has nothing to show yet.
        *(
            [Card("rituals/rhythm.html", {"rhythm": lately}, Place.LAST)]
            if lately.connected
            else []
        ),
        Card("rituals/actions.html", {"to_mark": to_mark}, Place.ACTIONS, for_one=True),
    ]


def _rest(resting: tuple[date, date] | None) -> list[Card]:
    """That the two rest, and until when."""
    if resting is None:
        return []
    return [Card("rituals/resting.html", {"until": resting[1]}, Place.FIRST, for_one=True)]


def gate(request: PartnerRequest, planned: list[RitualToday], *, resting: bool) -> list[Card]:
    """What waits for a word of mine, folded until I have marked today's greeting."""
    waiting = cards("WAITING", request)
    held = any(each.ritual.is_greeting and not each.mine for each in planned)
    if not waiting or not held or resting:
        return waiting
    things = sum(each.shows.get("things", 1) for each in waiting)  # one card may stand for several
    return [Card("rituals/gate.html", {"waiting": waiting, "things": things})]


def us(request: PartnerRequest) -> list[Card]:
    """The last four weeks."""
    couple = request.partner.couple
    day = couple.today(request.now)
    weeks = rhythm(couple, rituals_of(couple), today=day, span=28)
    return [Card("rituals/us.html", {"rhythm": weeks})]


def _planned(rituals: list[Ritual], me: Partner, day: date) -> list[RitualToday]:
    marks = Mark.objects.standing().filter(
        couple=me.couple, moment__date=day, moment__couple=me.couple
    )
    by_ritual: dict[tuple[uuid.UUID, bool], Mark] = {}
    for mark in marks.select_related("moment"):
        by_ritual[mark.moment.ritual_id, mark.partner_id == me.pk] = mark
    return [
        RitualToday(
            ritual=ritual,
            date=day,
            mine=by_ritual.get((ritual.pk, True)),
            theirs=by_ritual.get((ritual.pk, False)),
            client_key=uuid.uuid4(),
            for_one=me.practises_alone(day),
        )
        for ritual in rituals
        if ritual.planned_on(day) or (ritual.pk, True) in by_ritual
    ]


def _tellers(couple: Couple, day: date) -> list[Partner]:
    """Return the two with what each has told, and this week's answer, in one query."""
    week = Q(good_days__week=week_of(day))
    rows = couple.partners.live().annotate(answer=FilteredRelation("good_days", condition=week))
    # The stubs do not know a relation that is made by the line above.
    found = list(rows.select_related("approach", "meeting_word", "answer"))  # type: ignore[misc]
    keys = {partner.pk: partner for partner in couple.together}
    for each in found:
        for told in (getattr(each, "meeting_word", None), getattr(each, "answer", None)):
            if told:
                told.partner = keys[each.pk]  # brings the key that opens the words
    return found


def _told(request: PartnerRequest, tellers: list[Partner]) -> dict[str, object]:
    """On my way or heading out, and a word on when we meet again: `mine` and `theirs`.

    While the other is on the way, what their manual says about coming home is there as `home`.
    """
    shows: dict[str, object] = {}
    for each in tellers:
        whose = "mine" if each.pk == request.partner.pk else "theirs"
        approach = getattr(each, "approach", None)
        if approach and approach.until > request.now:
            shows[whose] = approach
        shows[f"{whose}_word"] = getattr(each, "meeting_word", None)
    theirs = shows.get("theirs")
    if isinstance(theirs, Approach) and theirs.kind == Approach.Kind.ON_MY_WAY:
        shows["home"] = shared_with(request.partner, Question.HOME)
    return shows


def _good_day(request: PartnerRequest, day: date, tellers: list[Partner]) -> list[Card]:
    """This week's question about what went well, or what the other has shared of theirs."""
    me = request.partner
    asked = question_of(me.couple, day)
    if asked is None or day < asked.since or not me.couple.paired:
        return []
    answers = [told for each in tellers if (told := getattr(each, "answer", None))]
    if not answers and asked.seat == me.seat:
        return [Card("rituals/good_day.html", {"question": asked.words}, Place.LAST)]
    shared = [
        each
        for each in answers
        if each.partner_id != me.pk and each.outcome == GoodDay.Outcome.SHARED
    ]
    return [Card("rituals/good_day.html", {"shared": each}, Place.LAST) for each in shared]
