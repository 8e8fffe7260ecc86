"""What touches both of us, and what is always one's own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from couples.access import PartnerRequest, enter, partner
from rituals.asks.forms import MatterForm
from rituals.asks.models.matter import MatterRefused
from rituals.models import Matter


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def matters(request: PartnerRequest) -> HttpResponse:
    """The couple's list; either adds."""
    form = MatterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            Matter.add(form.cleaned_data["words"], by=request.partner, now=request.now)
            return redirect("ask_matters")
        except MatterRefused as refused:
            form.add_error(None, str(refused))
    couple = request.partner.couple
    standing = list(couple.matters.standing())
    for matter in standing:
        matter.couple = couple
    taken = {matter.words for matter in standing}
    shows = {
        "room": "us",
        "form": form,
        "matters": standing,
        "ideas": [idea for idea in _ideas() if idea not in taken],
    }
    return render(request, "asks/matters.html", shows, status=422 if form.errors else 200)


@enter(partner)
@require_POST
def dropping(request: PartnerRequest, matter_id: UUID) -> HttpResponse:
    """Take a line off the list; either may."""
    matter = get_object_or_404(request.partner.couple.matters.all(), pk=matter_id)
    matter.drop(by=request.partner, now=request.now)
    return redirect("ask_matters")


def _ideas() -> list[str]:
    """What many couples begin with."""
    return [
        _("Evenings and weekends"),
        _("Money above an amount we set"),
        _("Guests at home"),
        _("Travel without the other"),
        _("Promises to our families"),
        _("More work"),
    ]
