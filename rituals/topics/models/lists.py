"""Topics by who may know of them and what has become of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from couples.models import Partner
from rituals.models.mute import Mute
from rituals.topics import flow as topic_flow
from rituals.topics.flow import Kind, Stage
from rituals.topics.models.act import TopicAct

if TYPE_CHECKING:
    from rituals.topics.models.topic import Topic  # noqa: F401 - what the rows are, named in a string

TOLD_FOR = timedelta(days=3)
"""For how many days, the first included, Today says that both have dealt with a topic."""


class TopicQuerySet(models.QuerySet["Topic"]):
    """What a couple, or one of the two, has to talk about."""

    def visible_to(self, partner: Partner) -> TopicQuerySet:
        """What has been raised, and one's own drafts. The other's drafts do not exist."""
        return self.filter(~Q(raised_at=None) | Q(author=partner))

    def drafts_of(self, partner: Partner) -> TopicQuerySet:
        """One's own drafts."""
        return self.filter(raised_at=None, author=partner)

    def open(self) -> TopicQuerySet:
        """Raised, and neither dealt with by both nor let go."""
        return self.filter(raised_at__isnull=False, closed_on=None)

    def unheard(self) -> TopicQuerySet:
        """Waiting to be heard. One that its raiser has dealt with asks nobody for anything."""
        return self.filter(_unheard())

    def awaiting(self, partner: Partner, *, today: date) -> TopicQuerySet:
        """What waits for `partner` on the couple's day `today`, without what they have muted.

        What they have not heard yet, are asked leave for, or the other has dealt with; and, for a
        few days, that the other's word has closed it. What was let go unheard was never there.
        """
        unheard = _unheard() & ~Q(author=partner)
        leave = Q(leave_asked_by__isnull=False, raised_on__gt=today - topic_flow.PROMISE)
        leave &= ~Q(leave_asked_by=partner)
        dealt = TopicAct.objects.filter(topic=OuterRef("pk"), kind=Kind.DEALT)
        mine = Exists(dealt.filter(author=partner))
        theirs = Exists(dealt.exclude(author=partner))
        half = Q(theirs, ~Q(mine), stage=Stage.HEARD)
        latest = TopicAct.objects.filter(topic=OuterRef("pk")).order_by("-number")
        ended = Q(stage=Stage.DEALT_WITH, closed_on__gt=today - TOLD_FOR, last_by=partner.other)
        found = self.filter(raised_at__isnull=False, couple=partner.couple)
        found = found.annotate(last_by=Subquery(latest.values("author")[:1]))
        open_ones = Q(closed_on=None) & (unheard | leave | half)
        return found.filter(open_ones | ended).exclude(Mute.by(partner))


def _unheard() -> Q:
    dealt = TopicAct.objects.filter(topic=OuterRef("pk"), kind=Kind.DEALT)
    return Q(~Exists(dealt), stage=Stage.RAISED)
