"""The frame around every page of the therapist's side."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from couples.access import PersonRequest


def desk(request: PersonRequest, *, here: str, **shows: object) -> dict[str, Any]:
    """Return what a desk page shows: its tabs with the one of `here`, the name, the banner."""
    practice = getattr(request, "therapist", None)
    tabs = [
        {"url": reverse(name), "label": label, "here": name == here}
        for name, label in (
            ("practice", _("Couples")),
            ("practice_invitations", _("Invitations")),
            ("practice_sharing", _("What is shared")),
        )
    ]
    banner = _("This is a demo: a therapist needs no second factor here.") if settings.DEMO else ""
    verified = practice is not None and practice.verified_at is not None
    return {
        "tabs": tabs if verified else [],
        "name": practice.name if practice else request.user.name,
        "banner": banner,
        **shows,
    }
