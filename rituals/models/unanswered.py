"""How much one partner may lay before the other at a time."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from couples.brakes import UNANSWERED
from couples.models import Partner
from rituals.asks.flow import Stage


def guard_room(by: Partner, *, beside: UUID, refused: type[Exception]) -> None:
    """Raise `refused` when as much as may be lies unanswered with the other, `beside` left out.

    Call it with the couple locked, so that two phones cannot both take the last place. Whether the
    other has muted something makes no difference, or it could be found out by trying.
    """
    asks = by.asks.filter(stage=Stage.ASKED).exclude(pk=beside).count()
    if asks + by.topics.unheard().exclude(pk=beside).count() >= UNANSWERED:
        raise refused(
            _(
                "Five things of yours wait for an answer. When one has it, or you let one go, "
                "there is room for this."
            )
        )
