"""The steps of a topic: one noun for the kinds that are one and the same thing to do."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from couples.access import PartnerRequest, View, enter, partner
from rituals.models import Topic
from rituals.topics.flow import Kind
from rituals.topics.forms import TopicActForm
from rituals.topics.models.topic import TopicRefused
from rituals.topics.views.topics import draw, raised

NOUNS: dict[str, frozenset[Kind]] = {
    "hearings": frozenset({Kind.HEARD}),
    "closings": frozenset({Kind.DEALT}),
    "withdrawals": frozenset({Kind.LET_GO}),
    "leaves": frozenset({Kind.MAY_I, Kind.YES_DO}),
}


def views() -> Iterator[tuple[str, View]]:
    """Yield each noun with the view that takes its posts."""
    for noun, kinds in NOUNS.items():
        yield noun, _taker(noun, kinds)


def _taker(noun: str, kinds: frozenset[Kind]) -> View:
    @enter(partner)
    @require_POST
    def take(request: PartnerRequest, topic_id: UUID) -> HttpResponse:
        return _take(request, raised(request, topic_id), kinds)

    take.__name__ = noun
    return take


def _take(request: PartnerRequest, topic: Topic, kinds: frozenset[Kind]) -> HttpResponse:
    form, typed = TopicActForm(request.POST, kinds=kinds), request.POST.get("words", "")
    if not form.is_valid():
        return draw(request, topic, problem=_first_problem(form), typed=typed)
    step = form.cleaned_data
    try:
        topic.act(
            form.kind,
            by=request.partner,
            client_key=step["client_key"],
            words=step["words"],
            now=request.now,
        )
    except TopicRefused as refused:
        return draw(request, topic, problem=str(refused), typed=typed)
    return draw(request, topic) if request.htmx else redirect("topic", topic.pk)


def _first_problem(form: TopicActForm) -> str:
    return next(str(message) for messages in form.errors.values() for message in messages)
