"""On my way, heading out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from couples.access import PartnerRequest, enter, partner
from couples.cards import board
from rituals.days.forms import ApproachForm
from rituals.days.models.approach import TAKEN_BACK
from rituals.models import Approach

_LATELY = {
    False: gettext_lazy(
        "What you said a moment ago is still there. In half an hour you can say something new."
    ),
    True: gettext_lazy(
        "You have taken back what you said. In half an hour you can say something new."
    ),
    None: gettext_lazy("You said so a moment ago. In half an hour you can say something new."),
}
"""Why nothing is told again: it stands, it was taken back, or they have met since."""


@enter(partner)
@require_POST
def approaches(request: PartnerRequest) -> HttpResponse:
    """Tell the other, so that both can be ready."""
    form = ApproachForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That did not reach us whole. Please tap once more."))
    elif not Approach.tell(by=request.partner, kind=form.cleaned_data["kind"], now=request.now):
        told = getattr(request.partner, "approach", None)
        messages.info(
            request,
            _LATELY[told.kind == TAKEN_BACK if told else None],
        )
    return _back(request)


@enter(partner)
@require_POST
def taking_back(request: PartnerRequest) -> HttpResponse:
    """Take back what I have told the other."""
    Approach.take_back(by=request.partner, now=request.now)
    return _back(request)


def _back(request: PartnerRequest) -> HttpResponse:
    return board(request) if request.htmx else redirect("today")
