"""Asking first: what is open, a new ask, and the page of one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from couples.access import PartnerRequest, enter, partner
from couples.borrowed import borrowed
from couples.forms import posted
from couples.paging import ARCHIVE, page
from couples.repeats import sent_once
from couples.thirds.page import in_force
from rituals.asks.forms import AskForm
from rituals.asks.models.ask import FOLDS_AFTER, AskRefused
from rituals.asks.page import Conversation, seat
from rituals.models import Ask


@enter(partner)
@require_safe
def asks(request: PartnerRequest) -> HttpResponse:
    """What is open, and what was closed lately: that it was, never how."""
    me = request.partner
    after = request.GET.get
    still = page(me.couple.asks.open(), newest_by="asked_at", after=after("open", ""))
    lately = me.couple.asks.closed(since=_fold(request))
    closed = page(lately, newest_by="closed_on", after=after("closed", ""))
    seat([*still.rows, *closed.rows], me)
    shows = {"room": "us", "open": still, "closed": closed, "me": me, "other": me.other}
    template = "asks/asks.html#list" if request.htmx else "asks/asks.html"
    return render(request, template, shows)


@enter(partner)
@require_safe
def older(request: PartnerRequest) -> HttpResponse:
    """What was closed more than thirty days ago, folded away and without how it ended."""
    me = request.partner
    folded = me.couple.asks.folded(since=_fold(request))
    closed = page(folded, newest_by="closed_on", after=request.GET.get("after", ""), size=ARCHIVE)
    seat(closed.rows, me)
    return render(request, "asks/older.html", {"room": "us", "closed": closed})


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def new(request: PartnerRequest) -> HttpResponse:
    """Ask the other something."""
    me, lent = request.partner, borrowed(request)
    initial = {"what": lent.words, "asking": request.GET.get("third", "")}
    thirds, today = me.couple.thirds.in_force(), me.couple.today(request.now)
    form = AskForm(posted(request), initial=initial, today=today, thirds=thirds)
    if form.is_valid():
        key = form.cleaned_data["client_key"]
        try:
            asked = Ask.put(form.question(), by=me, client_key=key, now=request.now)
            lent.became("ask", asked.pk)
            return redirect("ask", asked.pk)
        except AskRefused as refused:
            form.add_error(None, str(refused))
    shows = {"room": "us", "form": form, "other": me.other}
    return render(request, "asks/new.html", shows, status=422 if form.errors else 200)


@enter(partner)
@require_safe
def ask(request: PartnerRequest, ask_id: UUID) -> HttpResponse:
    """What was asked and said, and what I can say now."""
    return draw(request, ours(request, ask_id))


@enter(partner)
@require_POST
def muting(request: PartnerRequest, ask_id: UUID) -> HttpResponse:
    """Hear no more of this one; nobody else can tell."""
    found = ours(request, ask_id)
    found.mute(by=request.partner, now=request.now)
    return redirect("ask", found.pk)


@enter(partner)
@require_POST
def unmuting(request: PartnerRequest, ask_id: UUID) -> HttpResponse:
    """Hear of it again."""
    found = ours(request, ask_id)
    found.unmute(by=request.partner, now=request.now)
    return redirect("ask", found.pk)


def ours(request: PartnerRequest, ask_id: UUID) -> Ask:
    """Return an ask of the viewer's couple; anybody else's is missing."""
    found: Ask = get_object_or_404(request.partner.couple.asks.all(), pk=ask_id)
    found.couple = request.partner.couple
    return found


def draw(request: PartnerRequest, ask: Ask, *, problem: str = "", typed: str = "") -> HttpResponse:
    """Return the page as the viewer sees it now, with a problem and what they typed, if any."""
    ask.read(by=request.partner)
    shows = {
        "room": "us",
        "here": Conversation.enter(ask, request.partner),
        "about": in_force(request.partner.couple, ask.about_third_id),
        "problem": problem,
        "typed": typed,
    }
    template = "asks/ask.html#ask" if request.htmx else "asks/ask.html"
    return render(request, template, shows, status=422 if problem else 200)


def _fold(request: PartnerRequest) -> date:
    """The couple's day before which a closed ask is folded away."""
    return request.partner.couple.today(request.now) - FOLDS_AFTER
