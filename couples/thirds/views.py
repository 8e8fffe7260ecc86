"""What can come between: the list, naming something, one third, and the acts on it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from couples.access import PartnerRequest, enter, partner
from couples.forms import posted
from couples.models import Sort, Third, ThirdMoment, ThirdRefused
from couples.paging import page
from couples.repeats import sent_once
from couples.thirds.forms import MomentForm, PrincipleForm, ThirdForm
from couples.thirds.models.third import PEOPLE
from couples.thirds.page import Between, choices, links, open_ones, principle_of


@enter(partner)
@require_safe
def thirds(request: PartnerRequest) -> HttpResponse:
    """What stands between the two now, and what one of them would like to name."""
    me = request.partner
    seen = Between.of(me, open_ones(me.couple), me.couple.today(request.now))
    shows = {"room": "us", "seen": seen, "other": me.other}
    template = "thirds/thirds.html"
    return render(request, f"{template}#list" if request.htmx else template, shows)


@enter(partner)
@require_safe
def let_go(request: PartnerRequest) -> HttpResponse:
    """What stood here once and does no more; how it came to that is told nowhere."""
    rows = request.partner.couple.thirds.let_go()
    gone = page(rows, newest_by="closed_on", after=request.GET.get("after", ""))
    return render(request, "thirds/let_go.html", {"room": "us", "gone": gone})


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def new(request: PartnerRequest) -> HttpResponse:
    """Choose what it is about, then name it."""
    me, typed = request.partner, posted(request)
    sort = (typed or request.GET).get("sort", "")
    if typed is None and sort not in Sort.values:
        return render(request, "thirds/sorts.html", {"room": "us", "sorts": Sort})
    form = ThirdForm(typed, sort=sort)
    if form.is_valid():
        try:
            made = Third.put(by=me, now=request.now, **form.named)
        except ThirdRefused as refused:
            form.add_error("label", str(refused))
        else:
            return redirect("third", made.pk)
    shows = {"room": "us", "form": form, "other": me.other, "people": sort in PEOPLE}
    return render(request, "thirds/new.html", shows, status=422 if form.errors else 200)


@enter(partner)
@require_safe
def third(request: PartnerRequest, third_id: UUID) -> HttpResponse:
    """One third: its weeks, a word about today, and what the two have about it."""
    return _draw(request, _ours(request, third_id))


@enter(partner)
@require_POST
def agreements(request: PartnerRequest, third_id: UUID) -> HttpResponse:
    """Say yes to a person whom the other has named."""
    found = _ours(request, third_id)
    try:
        found.agree(by=request.partner, now=request.now)
    except ThirdRefused as refused:
        return _draw(request, found, problem=str(refused))
    return _draw(request, found) if request.htmx else redirect("third", found.pk)


@enter(partner)
@require_POST
def endings(request: PartnerRequest, third_id: UUID) -> HttpResponse:
    """Let it go, take it back, or do not agree: one and the same."""
    found = _ours(request, third_id)
    found.let_go(by=request.partner, now=request.now)
    messages.success(request, _("It is let go."))
    return redirect("thirds")


@enter(partner)
@require_POST
def moments(request: PartnerRequest, third_id: UUID) -> HttpResponse:
    """Say what came first today, say otherwise, or take it back."""
    found, form, problem = _ours(request, third_id), MomentForm(request.POST), ""
    try:
        if form.is_valid():
            ThirdMoment.say(found, by=request.partner, now=request.now, **form.cleaned_data)
        else:
            problem = _("That did not reach us whole. Please tap once more.")
    except ThirdRefused as refused:
        problem = str(refused)
    if not problem and not request.htmx:
        return redirect("third", found.pk)
    if not request.htmx:
        return _draw(request, found, problem=problem)
    today = request.partner.couple.today(request.now)
    shows = {"it": Between.of(request.partner, [found], today)[0], "problem": problem}
    return render(request, "thirds/day.html", shows, status=422 if problem else 200)


@enter(partner)
@require_POST
def principles(request: PartnerRequest, third_id: UUID) -> HttpResponse:
    """Say which principle is about it, or that none is."""
    me, found = request.partner, _ours(request, third_id)
    today = me.couple.today(request.now)
    kept = principle_of(found, me, today)
    form = PrincipleForm(request.POST, choices=choices(me, today, kept))
    if not form.is_valid():
        return _draw(request, found, problem=str(form.errors["principle"][0]), form=form)
    chosen = form.cleaned_data["principle"]
    agreement = get_object_or_404(me.couple.agreements, pk=chosen) if chosen else None
    try:
        found.keep_principle(agreement, by=me)
    except ThirdRefused as refused:
        return _draw(request, found, problem=str(refused), form=form)
    return _draw(request, found) if request.htmx else redirect("third", found.pk)


def _ours(request: PartnerRequest, third_id: UUID) -> Third:
    """Return a third of the viewer's couple; anybody else's is missing."""
    found: Third = get_object_or_404(request.partner.couple.thirds.all(), pk=third_id)
    found.couple = request.partner.couple
    return found


def _draw(
    request: PartnerRequest, third: Third, *, problem: str = "", form: PrincipleForm | None = None
) -> HttpResponse:
    """Return the page as the viewer sees it now, with a problem, if any."""
    me, today = request.partner, request.partner.couple.today(request.now)
    shows = {
        "room": "us",
        "it": Between.of(me, [third], today)[0],
        "other": me.other,
        "problem": problem,
    }
    if third.in_force:
        initial = {"principle": str(third.principle_id or "")}
        shows["principle"] = kept = principle_of(third, me, today)
        shows["form"] = form or PrincipleForm(initial=initial, choices=choices(me, today, kept))
        shows["links"] = links(me, third)
    template = "thirds/third.html"
    return render(
        request,
        f"{template}#third" if request.htmx else template,
        shows,
        status=422 if problem else 200,
    )
