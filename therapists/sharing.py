"""What one partner may see of the link: what is shared, and their own choices.

The other's choices are never asked of the database here, so no page can let them slip.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from couples.models import Partner
from rituals.felt.confidant import Confidant
from therapists.models import Consent, Scope, Secrets, TherapistLink
from therapists.models.consent import MEANS


@dataclass(frozen=True)
class Part:
    """One scope: open to all three or not, and my own yes to it."""

    scope: Scope
    shared: bool
    mine: Consent | None

    @property
    def name(self) -> str:
        """The scope in words."""
        return str(self.scope.label)

    @property
    def means(self) -> str:
        """What it opens."""
        return str(MEANS[self.scope])

    @property
    def my_choice(self) -> str:
        """My own yes and how far back it reaches, or nothing."""
        if self.mine is None:
            return ""
        if self.mine.reaches_back_to is None:
            return _("Yours: yes, from the start")
        day = date_format(self.mine.reaches_back_to, "j F")
        return _("Yours: yes, from %(day)s on") % {"day": day}


@dataclass(frozen=True)
class Sharing:
    """The whole link, as one partner sees it."""

    accepted: bool
    parts: list[Part]

    @property
    def shared(self) -> list[str]:
        """The names of what is shared."""
        return [part.name for part in self.parts if part.shared]


def link_of(me: Partner) -> TherapistLink | None:
    """Return the couple's live link with its therapist's name, or None, in one query."""
    links = me.couple.therapist_links.live().select_related("therapist__person__key")
    link = links.first()
    if link:
        link.couple = me.couple
    return link


def sharing_of(link: TherapistLink, *, me: Partner) -> Sharing:
    """Return what is shared and what `me` has chosen, in at most five queries."""
    shared = link.shared_now()
    mine = {consent.scope: consent for consent in link.consents.standing().filter(partner=me)}
    return Sharing(
        accepted=link.acceptances.standing().filter(partner=me).exists(),
        parts=[Part(scope=scope, shared=scope in shared, mine=mine.get(scope)) for scope in Scope],
    )


def confidant(me: Partner) -> Confidant | None:
    """Return the couple's therapist, who reads results where the policy lets one share alone."""
    link = link_of(me)
    if link is None or link.linked_at is None:
        return None
    reads = link.secrets_policy == Secrets.LIMITED
    return Confidant(link.therapist.name, reads=reads, since=link.linked_at)
