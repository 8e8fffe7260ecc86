"""What follows the name on day one: the mailbox, and one example of the practice."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from couples.access import PartnerRequest, enter, partner
from couples.first_steps import STEPS, next_step


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox(request: PartnerRequest) -> HttpResponse:
    """Ask who reads the mailbox. The answer unfolds on the phone and is sent nowhere."""
    if request.method == "POST":
        return _go_on(request, "start_mailbox")
    me = request.partner.person
    shows = {"email": me.email, "again": me.mailbox_asked_at is not None}
    return render(request, "couples/first/mailbox.html", shows)


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def example(request: PartnerRequest) -> HttpResponse:
    """Show how two taps close one circle."""
    if request.method == "POST":
        return _go_on(request, "start_example")
    return render(request, "couples/first/example.html")


def _go_on(request: PartnerRequest, page: str) -> HttpResponse:
    me = request.partner.person
    me.has_taken(STEPS[page], now=request.now)
    return redirect(next_step(me) or "today")
