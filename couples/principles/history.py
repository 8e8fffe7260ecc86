"""When a wording was in force: the past of a principle, which names nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from couples.days import instant
from couples.models import AgreementVersion, Couple, Signature
from couples.principles import flow


@dataclass(frozen=True)
class Term:
    """Days on which a wording was in force; without `last` it still is."""

    first: date
    last: date | None


@dataclass(frozen=True)
class Past:
    """One wording and its terms, newest first."""

    words: str | None
    terms: list[Term]


def past(rows: Iterable[AgreementVersion], *, couple: Couple, now: datetime) -> list[Past]:
    """Return when each of these wordings was in force; they bring all their signatures along."""
    return [Past(row.wording, _terms(row, couple=couple, now=now)) for row in rows]


def stood(row: AgreementVersion, *, couple: Couple) -> list[flow.Span]:
    """Return between which instants both names stood under this wording, oldest first."""
    names: dict[object, list[flow.Span]] = {partner.pk: [] for partner in couple.together}
    for name in row.signatures.all():
        names[name.partner_id].append(_span(name, couple))
    return flow.terms(*names.values()) if len(names) == len(flow.BOTH) else []


def _terms(row: AgreementVersion, *, couple: Couple, now: datetime) -> list[Term]:
    return [
        Term(couple.today(begin), None if end > now else couple.today(end))
        for begin, end in reversed(stood(row, couple=couple))
    ]


def _span(name: Signature, couple: Couple) -> flow.Span:
    """From the signature to its end, or to the start of the couple's day on which it lapses."""
    lapses = instant(name.lapses_on, couple.day_start, zone=couple.day_zone)
    return name.signed_at, min(lapses, name.ended_at or lapses)
