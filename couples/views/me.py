"""Me: one's own name, clock, reminders and sign-in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from couples.access import PartnerRequest, enter, partner
from couples.forms import MeForm, posted
from couples.naming import NameRefused, rename
from couples.zones import is_known


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: PartnerRequest) -> HttpResponse:
    """Show and change what is one's own."""
    mine = request.partner.person
    zone = mine.time_zone if is_known(mine.time_zone) else ""  # then the field asks
    form = MeForm(posted(request), initial={"name": mine.name, "time_zone": zone})
    if request.method == "POST" and form.is_valid():
        request.partner.keep_clock(form.cleaned_data["time_zone"], now=request.now)
        try:
            rename(mine, form.cleaned_data["name"], now=request.now)
        except NameRefused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect("me")
    shows = {"room": "me", "form": form, "email": mine.email}
    return render(request, "couples/me.html", shows, status=422 if form.errors else 200)
