"""What somebody is reminded of, on which way, and when not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from couples.access import PartnerRequest, anyone, enter, partner
from couples.delivery.mail import told_off
from couples.delivery.now import Truth, send_one
from couples.delivery.sources import source_of
from couples.forms import posted
from couples.models import Person, Preference
from couples.models.preference import Way
from couples.reminder_forms import RemindersForm


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: PartnerRequest) -> HttpResponse:
    """Choose for each kind how it reaches oneself, and one's quiet hours."""
    mine = request.partner.person
    form = RemindersForm(posted(request), person=mine)
    if form.is_valid():
        form.keep()
        messages.success(request, _("Kept."))
        return redirect("reminders")
    shows = {"room": "me", "form": form, "email": mine.email}
    return render(request, "couples/reminders.html", shows, status=422 if form.errors else 200)


@enter(partner)
@require_POST
def reminder_now(request: PartnerRequest) -> HttpResponse:
    """Send oneself one message now, and say what became of it."""
    match send_one(request.partner.person):
        case Truth.TAKEN:
            said = _("The mail server has taken it. It should be in your mailbox in a moment.")
            messages.success(request, said)
        case Truth.REFUSED:
            messages.error(request, _("The mail server refused it. It will not arrive."))
        case Truth.UNREACHED:
            messages.error(request, _("The mail server could not be reached. Nothing was sent."))
        case Truth.UNKNOWN:
            said = _("The mail server went silent. It may arrive or not; nobody can know.")
            messages.error(request, said)
    return redirect("reminders")


@enter(anyone)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def reminder_off(request: HttpRequest) -> HttpResponse:
    """End one kind of reminder from a mail, without signing in (RFC 8058).

    Only a POST does it: mail scanners and previews follow links. It works without a token of our
    own, since mail programs have none; the address itself is signed.
    """
    known = told_off(request.GET.get("of", ""))
    person = Person.objects.filter(pk=known[0]).first() if known else None
    source = source_of(known[1]) if known else None
    ended = bool(request.method == "POST" and person and source)
    if ended and person and source:
        Preference.choose(person, source.kind, Way.NONE)
    shows = {"source": source if person else None, "ended": ended}
    return render(request, "couples/reminder_off.html", shows)
