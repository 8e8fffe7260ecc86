"""The steps of an ask: one noun for the kinds that are one and the same thing to do."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from couples.access import PartnerRequest, View, enter, partner
from rituals.asks.flow import ANSWERS, ENDINGS, Kind
from rituals.asks.forms import AskActForm
from rituals.asks.models.ask import AskRefused
from rituals.asks.views.asks import draw, ours
from rituals.models import Ask

NOUNS: dict[str, frozenset[Kind]] = {
    "answers": ANSWERS,
    "counters": frozenset({Kind.COUNTER}),
    "agreements": frozenset({Kind.AGREE}),
    "endings": ENDINGS,
}


def views() -> Iterator[tuple[str, View]]:
    """Yield each noun with the view that takes its posts."""
    for noun, kinds in NOUNS.items():
        yield noun, _taker(noun, kinds)


def _taker(noun: str, kinds: frozenset[Kind]) -> View:
    @enter(partner)
    @require_POST
    def take(request: PartnerRequest, ask_id: UUID) -> HttpResponse:
        return _take(request, ours(request, ask_id), kinds)

    take.__name__ = noun
    return take


def _take(request: PartnerRequest, ask: Ask, kinds: frozenset[Kind]) -> HttpResponse:
    form, typed = AskActForm(request.POST, kinds=kinds), request.POST.get("words", "")
    if not form.is_valid():
        return draw(request, ask, problem=_first_problem(form), typed=typed)
    step = form.cleaned_data
    try:
        ask.act(
            form.kind,
            by=request.partner,
            client_key=step["client_key"],
            answers=step["answers"] or 0,
            words=step["words"],
            now=request.now,
        )
    except AskRefused as refused:
        return draw(request, ask, problem=str(refused), typed=typed)
    return draw(request, ask) if request.htmx else redirect("ask", ask.pk)


def _first_problem(form: AskActForm) -> str:
    return next(str(message) for messages in form.errors.values() for message in messages)
