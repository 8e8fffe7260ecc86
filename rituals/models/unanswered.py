"""How much one partner may lay before the other at a time."""

from __future__ import annotations

from django.utils.translation import gettext as _

from couples.models import Partner
from rituals.ask_flow import Stage
from rituals.topic_flow import Stage as TopicStage

MOST = 5
"""Unanswered asks and topics from one partner to the other."""


def guard_room(by: Partner, *, refused: type[Exception]) -> None:
    """Raise `refused` when as much as may be lies unanswered with the other already.

    Call it with the couple locked, so that two phones cannot both take the last place.
    """
    asks = by.asks.filter(stage=Stage.ASKED).count()
    if asks + by.topics.filter(stage=TopicStage.RAISED).count() >= MOST:
        raise refused(
            _("Five things of yours wait for an answer. When one has it, there is room for this.")
        )
