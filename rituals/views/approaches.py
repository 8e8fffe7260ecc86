"""On my way, heading out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from couples.access import PartnerRequest, enter, partner
from couples.views.today import board
from rituals.forms import ApproachForm
from rituals.models import Approach


@enter(partner)
@require_POST
def approaches(request: PartnerRequest) -> HttpResponse:
    """Tell the other, so that both can be ready."""
    form = ApproachForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That did not reach us whole. Please tap once more."))
    elif not Approach.tell(by=request.partner, kind=form.cleaned_data["kind"], now=request.now):
        messages.info(
            request,
            _(
                "What you said a moment ago is still there. "
                "In half an hour you can say something new."
            ),
        )
    return board(request) if request.htmx else redirect("today")
