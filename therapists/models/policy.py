"""The policy on secrets, set by the therapist and accepted by both partners."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy


class Secrets(models.TextChoices):
    """What the therapist does with what one partner shares alone."""

    NONE_KEPT = "none_kept", gettext_lazy("None kept")
    LIMITED = "limited", gettext_lazy("Limited")

    @property
    def means(self) -> str:
        """The policy in plain words, the same for the therapist and for both partners."""
        return str(POLICIES[self])


POLICIES = {
    Secrets.NONE_KEPT: gettext_lazy(
        "No secrets are kept. The therapist sees nothing here that the other partner cannot see."
    ),
    Secrets.LIMITED: gettext_lazy(
        "Limited secrets. What one partner shares alone stays off the page that both share, and "
        "only that partner is shown that it was read."
    ),
}
