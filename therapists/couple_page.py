"""What each of a couple shows their therapist, side by side.

What a scope keeps closed is never asked of the database, and never handed to the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from couples.models import ManualEntry, Partner, Sharing
from rituals.felt.scales import definitions
from rituals.models import Measure
from therapists.models import Scope, Secrets, TherapistLink


@dataclass(frozen=True)
class Shown:
    """One result: the name of the scale, what the answers add up to, and out of how much."""

    scale: str
    total: int
    highest: int
    taken_on: date


@dataclass(frozen=True)
class Side:
    """One partner. None stands for what is not shared."""

    partner: Partner
    manual: list[ManualEntry] | None
    results: list[Shown] | None

    @property
    def name(self) -> str:
        """What they are called."""
        return self.partner.name


def sides(link: TherapistLink) -> list[Side]:
    """Return both, by seat, from a link of `standing_links`; two queries at most."""
    couple = link.couple
    if couple is None:
        raise ValueError("a standing link leads to a couple")
    couple.together = list(couple.partners.all())
    manual, results = _manual(link), _results(link)
    return [
        Side(
            each,
            None if manual is None else [one for one in manual if one.person_id == each.person_id],
            None if results is None else _shown(results, each),
        )
        for each in couple.together
    ]


def _manual(link: TherapistLink) -> list[ManualEntry] | None:
    """Return the entries that both levels of consent let be read, by when they were written."""
    couple = link.couple
    if Scope.MANUAL not in link.shared or couple is None:
        return None
    keys = {each.person_id: each.person for each in couple.together}
    entries = ManualEntry.objects.filter(
        person__in=list(keys), shared_in=couple, sharing=Sharing.THERAPIST
    ).order_by("written_at")
    reach = link.shared[Scope.MANUAL]
    found = [each for each in entries if reach is None or couple.today(each.written_at) >= reach]
    for each in found:
        each.person = keys[each.person_id]
    return found


def _results(link: TherapistLink) -> list[Measure] | None:
    """Return what has been shown under this link, where its policy lets one partner show alone."""
    alone = link.secrets_policy == Secrets.LIMITED
    if not alone or Scope.FELT_SECURITY not in link.shared or link.linked_at is None:
        return None
    reach = link.shared[Scope.FELT_SECURITY] or date.min
    rows = Measure.objects.filter(
        couple=link.couple, shown_at__gte=link.linked_at, taken_on__gte=reach
    )
    return list(rows.order_by("-taken_on", "scale"))


def _shown(results: list[Measure], partner: Partner) -> list[Shown]:
    known = definitions()
    found = []
    for each in results:
        if each.partner_id == partner.pk and each.scale in known:
            each.partner = partner  # brings the key that opens it
            scale, total = known[each.scale], each.sum
            if total is not None:
                found.append(Shown(scale.name, total, scale.highest, each.taken_on))
    return found
