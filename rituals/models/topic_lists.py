"""Topics by who may know of them and what has become of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from couples.models import Partner
from rituals import topic_flow
from rituals.models.mute import Mute
from rituals.models.topic_act import TopicAct
from rituals.topic_flow import Kind, Stage

if TYPE_CHECKING:
    from rituals.models.topic import Topic  # noqa: F401 - what the rows are, named in a string


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
        """What `partner` has not heard yet or is asked leave for, without what they have muted."""
        unheard = _unheard() & ~Q(author=partner)
        leave = Q(leave_asked_by__isnull=False, raised_on__gt=today - topic_flow.PROMISE)
        leave &= ~Q(leave_asked_by=partner)
        return self.open().filter(unheard | leave, couple=partner.couple).exclude(Mute.by(partner))


def _unheard() -> Q:
    dealt = TopicAct.objects.filter(topic=OuterRef("pk"), kind=Kind.DEALT)
    return Q(~Exists(dealt), stage=Stage.RAISED)
