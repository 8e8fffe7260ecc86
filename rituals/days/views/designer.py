"""Choosing one's rituals and their days."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from couples.access import PartnerRequest, enter, partner
from couples.borrowed import borrowed
from couples.forms import posted
from couples.isolation import isolated
from rituals.days.forms import LONGEST_NAME, RitualForm, WeekdaysForm
from rituals.days.models.ritual import Kind
from rituals.days.wording import weekday_words
from rituals.models import (
    Ritual,
    RitualRefused,
    add_ritual,
    choose_weekdays,
    end_ritual,
    leave,
    take_up,
)


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PartnerRequest) -> HttpResponse:
    """Add a ritual."""
    kept = [ritual.kind for ritual in request.partner.couple.rituals.live_for(request.partner)]
    lent = borrowed(request)
    initial = {"kind": Kind.OWN, "name": lent.words[:LONGEST_NAME]} if lent.words else None
    form = RitualForm(posted(request), initial=initial, kept=kept)
    if request.method == "POST" and form.is_valid():
        try:
            ritual = add_ritual(by=request.partner, now=request.now, **form.cleaned_data)
        except RitualRefused as refused:
            form.add_error(None, str(refused))
        else:
            lent.became("ritual", ritual.pk)
            messages.success(request, _told_of_new(request, ritual))
            return redirect("rituals")
    shows = {"room": "me", "form": form}
    return render(request, "rituals/new.html", shows, status=422 if form.errors else 200)


@enter(partner)
@require_safe
def ritual(request: PartnerRequest, ritual_id: UUID) -> HttpResponse:
    """One ritual: its days, and a way to let it go."""
    return _page(request, _kept(request, ritual_id))


@enter(partner)
@require_POST
def weekdays(request: PartnerRequest, ritual_id: UUID) -> HttpResponse:
    """Plan it on other days from a day on."""
    ritual = _kept(request, ritual_id)
    form = WeekdaysForm(request.POST)
    if form.is_valid():
        try:
            choose_weekdays(ritual, by=request.partner, now=request.now, **form.cleaned_data)
        except RitualRefused as refused:
            form.add_error("start", str(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect("rituals")
    return _page(request, ritual, form)


@enter(partner)
@require_POST
def ending(request: PartnerRequest, ritual_id: UUID) -> HttpResponse:
    """Keep it no longer; the past stays."""
    ritual = _kept(request, ritual_id)
    try:
        end_ritual(ritual, by=request.partner, now=request.now)
    except RitualRefused as refused:
        messages.error(request, str(refused))
    else:
        if ritual.is_shared:
            told = _("You two no longer keep “%(name)s”. What was stays.")
        else:
            told = _("“%(name)s” is not proposed any more.")
        messages.success(request, told % {"name": isolated(ritual.name)})
    return redirect("rituals")


@enter(partner)
@require_POST
def taking_up(request: PartnerRequest, ritual_id: UUID) -> HttpResponse:
    """Take up what the other has proposed."""
    ritual = _proposed_or_kept(request, ritual_id)
    try:
        take_up(ritual, by=request.partner, now=request.now)
    except RitualRefused as refused:
        messages.error(request, str(refused))
    else:
        told = _("“%(name)s” is there for the two of you, from today on.")
        messages.success(request, told % {"name": isolated(ritual.name)})
    return _after_answer(request)


@enter(partner)
@require_POST
def leaving(request: PartnerRequest, ritual_id: UUID) -> HttpResponse:
    """Leave what the other has proposed; nobody is told."""
    leave(_proposed_or_kept(request, ritual_id), by=request.partner, now=request.now)
    messages.success(request, _("You leave that one. Nobody is told."))
    return _after_answer(request)


def _told_of_new(request: PartnerRequest, ritual: Ritual) -> str:
    """Return what its proposer is told: that it is the couple's, or so far theirs alone."""
    other = request.partner.other
    names = {"name": isolated(ritual.name), "other": isolated(other.name if other else "")}
    if ritual.is_shared:
        return _("“%(name)s” is there for the two of you, from today on.") % names
    if not other:
        return _("“%(name)s” is yours from today on.") % names
    return (
        _(
            "“%(name)s” is yours from today on. %(other)s sees an invitation, and may take it up "
            "or leave it."
        )
        % names
    )


def _proposed_or_kept(request: PartnerRequest, ritual_id: UUID) -> Ritual:
    """Return a ritual of the couple; what is proposed by oneself has nothing to answer."""
    ours = request.partner.couple.rituals.exclude(proposed_by=request.partner)
    ritual = get_object_or_404(ours, pk=ritual_id)
    ritual.couple = request.partner.couple
    return ritual


def _after_answer(request: PartnerRequest) -> HttpResponse:
    return redirect("today" if request.POST.get("back") == "today" else "rituals")


def _kept(request: PartnerRequest, ritual_id: UUID) -> Ritual:
    me = request.partner
    return get_object_or_404(me.couple.rituals.live_for(me), pk=ritual_id)


def _page(
    request: PartnerRequest, ritual: Ritual, form: WeekdaysForm | None = None
) -> HttpResponse:
    ritual.couple = request.partner.couple  # brings the key that opens the name
    today = request.partner.couple.today(request.now)
    change = ritual.next_change(today)
    shown = change.weekdays if change else ritual.weekdays_on(today)
    shows = {
        "room": "me",
        "ritual": ritual,
        "now": weekday_words(ritual.weekdays_on(today)),
        "change": change,
        "then": weekday_words(change.weekdays) if change else "",
        "form": form or WeekdaysForm(initial={"weekdays": shown, "start": today}),
    }
    status = 422 if form and form.errors else 200
    return render(request, "rituals/ritual.html", shows, status=status)
