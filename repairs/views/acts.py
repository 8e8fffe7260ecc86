"""The steps of a repair: each noun takes the kinds that are one and the same thing to do."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from couples.access import PartnerRequest, View, enter, partner
from couples.models import Partner
from repairs.forms import WITHOUT_WORDS, ActForm
from repairs.models import ActRefused, Repair
from repairs.terms import WITH_WORDS, Kind
from repairs.views.rooms import draw

NOUNS: dict[str, frozenset[Kind]] = {
    "beginnings": frozenset({Kind.NOW, Kind.LATER}),
    "asking-again": frozenset({Kind.ASK_AGAIN}),
    "settlings": frozenset({Kind.SETTLED}),
    "tellings": frozenset({Kind.ACCOUNT}),
    "hurts": frozenset({Kind.HURT, Kind.NO_HURT}),
    "echoes": frozenset({Kind.ECHO}),
    "hearings": frozenset({Kind.THATS_IT, Kind.NOT_QUITE, Kind.CLOSE_ENOUGH}),
    "parts": frozenset({Kind.PART, Kind.NO_PART}),
    "receptions": frozenset({Kind.TAKE_IN, Kind.NOT_THERE}),
    "bonds": frozenset({Kind.US}),
    "safe-answers": frozenset({Kind.SAFE_YES, Kind.SAFE_GETTING, Kind.SAFE_NOT_YET}),
    "rounds": frozenset({Kind.AGAIN_HURT, Kind.AGAIN_PART}),
    "sessions": frozenset({Kind.BRING}),
    "holds": frozenset({Kind.HOLDS_YES, Kind.HOLDS_NO}),
    "reopenings": frozenset({Kind.REOPEN}),
    "keepings": frozenset({Kind.KEEP, Kind.LET_FADE}),
    "in-person": frozenset({Kind.IN_PERSON}),
    "changes": frozenset({Kind.CHANGE}),
    "pauses": frozenset({Kind.REST}),
    "returns": frozenset({Kind.BACK}),
    "unsaid": frozenset({Kind.UNSAY}),
}


def views() -> Iterator[tuple[str, View]]:
    """Yield each noun with the view that takes its posts."""
    for noun, kinds in NOUNS.items():
        yield noun, _taker(noun, kinds)


def _taker(noun: str, kinds: frozenset[Kind]) -> View:
    @enter(partner)
    @require_POST
    def take(request: PartnerRequest, repair_id: UUID) -> HttpResponse:
        shared = request.partner.couple.repairs.exclude(shared_at=None)
        return _take(request, get_object_or_404(shared, pk=repair_id), kinds)

    take.__name__ = noun.replace("-", "_")
    return take


def _take(request: PartnerRequest, repair: Repair, kinds: frozenset[Kind]) -> HttpResponse:
    answer = _try(request, repair, kinds)
    # Only the way this one answer goes differs: what is kept is the same rest as any other. It goes
    # there as well when things have moved on and there is nothing left to rest from.
    return redirect("safety") if request.POST.get("then") == "safety" else answer


def _try(request: PartnerRequest, repair: Repair, kinds: frozenset[Kind]) -> HttpResponse:
    repair.couple = request.partner.couple
    form = ActForm(request.POST, kinds=kinds)
    if not form.is_valid():
        kind = form.cleaned_data.get("kind", "")
        at = kind if "words" in form.errors and kind in WITH_WORDS | WITHOUT_WORDS else ""
        return draw(request, repair, problem=_first_problem(form), at=at)
    try:
        repair.act(
            by=request.partner,
            kind=form.kind,
            client_key=form.cleaned_data["client_key"],
            words=form.cleaned_data["words"] if form.kind in WITH_WORDS else None,
            more=form.particulars(request.now, about=_about(form, repair, request.partner)),
            now=request.now,
        )
    except ActRefused as refused:
        return draw(request, repair, problem=str(refused))
    return draw(request, repair) if request.htmx else redirect("repair", repair.pk)


def _about(form: ActForm, repair: Repair, by: Partner) -> int | None:
    """Return the number of the words that are taken back, named by their act, or by the repair."""
    if form.kind is not Kind.UNSAY:
        return None
    said = form.cleaned_data["said"]
    if said == repair.pk:
        return repair.state().opening
    mine = (act.number for act in repair.story if act.pk == said and act.author_id == by.pk)
    return next(mine, None)


def _first_problem(form: ActForm) -> str:
    return next(str(message) for messages in form.errors.values() for message in messages)
