"""What the rituals put on pages that belong to everybody."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from couples.access import PartnerRequest
from couples.cards import Card, Place, gathered
from couples.days import week_of
from couples.models import Couple, Partner, Question, Third, shared_with
from rituals.appreciations.models import FRESH
from rituals.asks import cards as asks
from rituals.asks.page import seat
from rituals.days.models.ritual import rituals_before, rituals_of
from rituals.days.rhythm import SPAN, Known, drawn, first_day, rhythm
from rituals.days.wording import weekday_words
from rituals.good_days.models import question_of
from rituals.models import Appreciation, Approach, GoodDay, Mark, Ritual
from rituals.topics import cards as topics

JUST_JOINED = timedelta(days=2)
"""For how long Today says that the other has come."""


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
        if not self.ritual.is_shared:
            return _("Yours alone, until you two both want it.")
        if self.ritual.is_greeting:
            return _("Greet anyway, in your own way.")
        return _("In your own way, today.")


def today(request: PartnerRequest) -> list[Card]:
    """The day's rituals, what the other has just told, what waits, and the rhythm below them."""
    me, day = request.partner, request.partner.couple.today(request.now)
    (rituals, proposed), tellers = rituals_before(me), _tellers(me.couple, day)
    planned = _planned(rituals, me, day)
    since = first_day(me.couple, today=day, span=SPAN)
    known = Known.of(me.couple, since=min(since, day), until=day)
    # The first ritual alone is big, until it is closed: no other comes up in its place, so that a
    # second tap on the same spot marks nothing else. A closed circle is a line, below what waits.
    hero = next((each for each in planned[:1] if not each.closed), None)
    to_mark = hero if hero and not hero.mine else None
    others = [each for each in planned if each is not hero and not each.closed]
    done = [each for each in planned if each.closed]
    ours = [each for each in rituals if each.is_shared]
    lately = drawn(ours, known, since=since, today=day)
    resting = known.rest_on(day)
    waiting = [
        *gathered(asks.waiting(request), topics.waiting(request)),
        *_asked_about_somebody(me, tellers),
        *_asked_for(proposed, day),
    ]
    good, folded = gate(waiting, planned, resting=resting is not None)
    return [
        *_rest(resting),
        Card("rituals/told.html", _told(request, tellers), Place.FIRST),
        *_good_words(request, tellers),
        *good,
        Card("rituals/today.html", {"hero": hero, "others": others}, Place.FIRST, for_one=True),
        *folded,
        Card("rituals/done.html", {"done": done}, Place.DONE),
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


def gate(
    brought: list[Card], planned: list[RitualToday], *, resting: bool
) -> tuple[list[Card], list[Card]]:
    """Good words, then what waits for a word of mine, folded until I have marked the greeting."""
    good = [each for each in brought if each.place is Place.FIRST]
    waiting = brought[len(good) :]
    held = any(each.ritual.is_greeting and not each.mine for each in planned)
    if not waiting or not held or resting:
        return good, waiting
    things = sum(each.shows.get("things", 1) for each in waiting)  # one card may stand for several
    return good, [Card("rituals/gate.html", {"waiting": waiting, "things": things})]


def _asked_for(proposed: list[Ritual], day: date) -> list[Card]:
    """The ritual that the other would like, one at a time, until it is taken up or left."""
    return [
        Card(
            "rituals/asked_for.html", {"ritual": each, "days": weekday_words(each.weekdays_on(day))}
        )
        for each in proposed[:1]
    ]


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
            for_one=me.practises_alone(day) or not ritual.is_shared,
        )
        for ritual in rituals
        if ritual.planned_on(day) or (ritual.pk, True) in by_ritual
    ]


def _tellers(couple: Couple, day: date) -> list[Partner]:
    """Return the two with what each has told lately, and this week's answer, in one query."""
    week = Q(good_days__week=week_of(day))
    lately = Appreciation.objects.filter(author=OuterRef("pk"), said_on__gte=day - FRESH)
    rows = couple.partners.live().annotate(
        said=Subquery(lately.order_by("-said_at", "-pk").values("pk")[:1]),
        answer=FilteredRelation("good_days", condition=week),
        asks_third=Exists(Third.objects.proposed().filter(named_by=OuterRef("pk"))),
        kind_word=FilteredRelation("appreciations", condition=Q(appreciations__pk=F("said"))),
    )
    with_rows = ("approach", "meeting_word", "answer", "kind_word")
    found = list(rows.select_related(*with_rows))
    keys = {partner.pk: partner for partner in couple.together}
    for each in found:
        for told in (getattr(each, "meeting_word", None), getattr(each, "answer", None)):
            if told:
                told.partner = keys[each.pk]  # brings the key that opens the words
    return found


def _asked_about_somebody(me: Partner, tellers: list[Partner]) -> list[Card]:
    """That the other asks whether a person can come between the two; whom stands on that page."""
    asks = any(each.asks_third for each in tellers if each.pk != me.pk)  # type: ignore[attr-defined]
    return [Card("thirds/asked.html")] if asks else []


def _good_words(request: PartnerRequest, tellers: list[Partner]) -> list[Card]:
    """That the other has joined, and the last line that they said to me in the last days."""
    me, other = request.partner, request.partner.other
    if other is None:
        return []
    since = request.now - JUST_JOINED
    joined = me.joined_at < other.joined_at and other.joined_at > since
    said = next((each for each in tellers if each.pk == other.pk), None)
    line = getattr(said, "kind_word", None)
    if line:
        seat([line], me)
    return [
        *([Card("couples/joined.html", {}, Place.FIRST)] if joined else []),
        *([Card("appreciations/today.html", {"line": line}, Place.FIRST)] if line else []),
    ]


def _told(request: PartnerRequest, tellers: list[Partner]) -> dict[str, object]:
    """On my way or heading out, and a word on when we meet again: `mine` and `theirs`.

    While the other is on the way, what their manual says about coming home is there as `home`.
    """
    shows: dict[str, object] = {}
    for each in tellers:
        whose = "mine" if each.pk == request.partner.pk else "theirs"
        approach = getattr(each, "approach", None)
        if approach and approach.kind and approach.until > request.now:
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
        shows = {"question": asked.words, "week": asked.week}
        return [Card("rituals/good_day.html", shows, Place.LAST)]
    shared = [
        each
        for each in answers
        if each.partner_id != me.pk and each.outcome == GoodDay.Outcome.SHARED
    ]
    return [Card("rituals/good_day.html", {"shared": each}, Place.LAST) for each in shared]
