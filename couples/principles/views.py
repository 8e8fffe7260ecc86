"""Principles: what the two agreed to be."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from couples.access import PartnerRequest, enter, partner
from couples.borrowed import borrowed
from couples.models import Agreement, AgreementRefused, AgreementVersion, Area
from couples.paging import page
from couples.principles.forms import ProposalForm, SignatureForm, WordingForm
from couples.principles.history import past
from couples.principles.page import Agreed
from couples.principles.shelf import SHELF, starter
from couples.repeats import sent_once
from couples.thirds.page import asked_about

LISTS = ("open_for_one", "in_force", "not_in_force")


@enter(partner)
@require_safe
def principles(request: PartnerRequest) -> HttpResponse:
    """What is open for a signature and what is in force, or more of one of the lists."""
    me, today = request.partner, request.partner.couple.today(request.now)
    asked = request.GET.get("list", "")
    shown = (asked,) if asked in LISTS else LISTS[:2]
    parts = []
    for name in shown:
        rows = getattr(me.couple.wordings.select_related("agreement").with_names(), name)(today)
        found = page(rows, newest_by="proposed_at", after=request.GET.get("after", ""))
        parts.append({"name": name, "rows": Agreed.by(me, found.rows, today), "after": found.after})
    shows = {"room": "us", "parts": parts, "whole": asked not in LISTS, "other": me.other}
    template = "couples/principles/list.html"
    return render(request, f"{template}#list" if request.htmx else template, shows)


@enter(partner)
@require_safe
def shelf(request: PartnerRequest) -> HttpResponse:
    """Principles to begin with, area by area."""
    areas = [
        {"name": area.label, "starters": [each for each in SHELF if each.area is area]}
        for area in Area
    ]
    shows = {"room": "us", "areas": areas, "about": asked_about(request)}
    return render(request, "couples/principles/shelf.html", shows)


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def proposal(request: PartnerRequest) -> HttpResponse:
    """Propose a principle, one's own or one from the shelf."""
    me, about = request.partner, asked_about(request)
    taken, lent = starter(request.GET.get("starter", "")), borrowed(request)
    initial = {"client_key": uuid.uuid4(), "wording": lent.words}
    asked = request.GET.get("area", "")
    initial["area"] = Area.THIRDS if about else asked if asked in Area.values else Area.FIRST
    if taken:
        initial |= {"wording": str(taken.wording), "area": taken.area}
    posted = request.POST if request.method == "POST" else None
    form = ProposalForm(posted, today=me.couple.today(request.now), initial=initial)
    if form.is_valid():
        try:
            made = Agreement.propose(by=me, now=request.now, **form.cleaned_data)
        except AgreementRefused as refused:
            form.add_error(None, str(refused))
        else:
            lent.became("principle", made.agreement_id)
            if about:
                about.take_up(made.agreement, by=me)
            return redirect("principle", made.agreement_id)
    shows = {"room": "us", "form": form, "other": me.other, "about": about}
    status = 422 if form.errors else 200
    return render(request, "couples/principles/new.html", shows, status=status)


@enter(partner)
@require_safe
def principle(request: PartnerRequest, agreement_id: UUID) -> HttpResponse:
    """One principle: how it stands, and what I can do."""
    return _draw(request, get_object_or_404(request.partner.couple.agreements, pk=agreement_id))


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def wordings(request: PartnerRequest, agreement_id: UUID) -> HttpResponse:
    """Propose another wording; the old one stands until both have signed it."""
    me = request.partner
    agreement = get_object_or_404(me.couple.agreements, pk=agreement_id)
    latest = me.couple.wordings.filter(agreement=agreement).order_by("-number")[0]
    initial = {"client_key": uuid.uuid4(), "wording": latest.wording}
    posted = request.POST if request.method == "POST" else None
    form = WordingForm(posted, today=me.couple.today(request.now), initial=initial)
    if form.is_valid():
        try:
            agreement.reword(by=me, now=request.now, **form.cleaned_data)
        except AgreementRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("principle", agreement.pk)
    shows = {"room": "us", "form": form, "agreement": agreement}
    status = 422 if form.errors else 200
    return render(request, "couples/principles/wording.html", shows, status=status)


@enter(partner)
@require_POST
def signatures(request: PartnerRequest, version_id: UUID) -> HttpResponse:
    """Sign a wording, or sign it again."""
    version = _version(request, version_id)
    today = request.partner.couple.today(request.now)
    form = SignatureForm(request.POST, today=today, prefix=f"v{version.number}")
    if not form.is_valid():
        return _draw(request, version.agreement, typed={version.pk: form})
    try:
        version.sign(by=request.partner, until=form.cleaned_data["until"], now=request.now)
    except AgreementRefused as refused:
        form.add_error(None, str(refused))
        return _draw(request, version.agreement, problem=str(refused), typed={version.pk: form})
    return _after(request, version)


@enter(partner)
@require_POST
def withdrawals(request: PartnerRequest, version_id: UUID) -> HttpResponse:
    """Take a wording out of force, or off the table, alone."""
    version = _version(request, version_id)
    try:
        version.withdraw(by=request.partner, now=request.now)
    except AgreementRefused as refused:
        return _draw(request, version.agreement, problem=str(refused))
    return _after(request, version)


@enter(partner)
@require_safe
def history(request: PartnerRequest, agreement_id: UUID) -> HttpResponse:
    """The wordings that have been in force, and when."""
    me = request.partner
    agreement = get_object_or_404(me.couple.agreements, pk=agreement_id)
    adopted = me.couple.wordings.filter(agreement=agreement).exclude(adopted_at=None)
    found = page(
        adopted.prefetch_related("signatures"),
        newest_by="number",
        after=request.GET.get("after", ""),
    )
    shows = {
        "room": "us",
        "agreement": agreement,
        "wordings": past(found.rows, couple=me.couple, now=request.now),
        "after": found.after,
    }
    return render(request, "couples/principles/history.html", shows)


def _version(request: PartnerRequest, version_id: UUID) -> AgreementVersion:
    mine = request.partner.couple.wordings.select_related("agreement")
    version = get_object_or_404(mine, pk=version_id)
    version.agreement.couple = request.partner.couple
    return version


def _after(request: PartnerRequest, version: AgreementVersion) -> HttpResponse:
    if request.htmx:
        return _draw(request, version.agreement)
    return redirect("principle", version.agreement_id)


def _draw(
    request: PartnerRequest,
    agreement: Agreement,
    *,
    problem: str = "",
    typed: dict[UUID, SignatureForm] | None = None,
) -> HttpResponse:
    """Return the page of a principle as it stands now, with a problem and what was typed."""
    me, today = request.partner, request.partner.couple.today(request.now)
    rows = me.couple.wordings.filter(agreement=agreement, closed_at=None).order_by("-number")
    stands = [
        {
            "it": it,
            "form": (typed or {}).get(it.version.pk)
            or SignatureForm(today=today, prefix=f"v{it.version.number}"),
        }
        for it in Agreed.by(me, rows.with_names(), today)
        if it.wording.adopted or it.until
    ]
    shows = {
        "room": "us",
        "agreement": agreement,
        "stands": stands,
        "problem": problem,
        "other": me.other,
    }
    template = "couples/principles/principle.html"
    return render(
        request,
        f"{template}#principle" if request.htmx else template,
        shows,
        status=422 if problem or typed else 200,
    )
