"""What somebody is reminded of, on which way, and when not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from couples.access import PartnerRequest, anyone, enter, partner
from couples.delivery import push
from couples.delivery.forms import DeviceForm, RemindersForm
from couples.delivery.models.preference import Way
from couples.delivery.sources import times
from couples.delivery.test_message import mail_one, push_one
from couples.delivery.unsubscribe import end, is_ours
from couples.forms import posted
from couples.models import PushGone, PushRefused, PushSubscription


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: PartnerRequest) -> HttpResponse:
    """Choose for each kind how it reaches oneself, and one's quiet hours."""
    form = RemindersForm(posted(request), partner=request.partner)
    if form.is_valid():
        form.keep(now=request.now)
        messages.success(request, _("Kept."))
        return redirect("reminders")
    shows = {"room": "me", "form": form, "times": times(request.partner), **_device(request)}
    return render(request, "couples/reminders.html", shows, status=422 if form.errors else 200)


@enter(partner)
@require_POST
def reminder_now(request: PartnerRequest) -> HttpResponse:
    """Send oneself one message now, by mail or to this device, and say what became of it."""
    mine = request.partner.person
    if request.POST.get("way") == Way.PUSH:
        truth = push_one(_subscription(request), now=request.now)
    else:
        truth = mail_one(mine)
    (messages.success if truth.is_good else messages.error)(request, truth.words)
    return redirect("reminders")


@enter(partner)
@require_POST
def reminder_device(request: PartnerRequest) -> HttpResponse:
    """Keep where this browser takes push messages; it says so again whenever Today opens."""
    form, gone = DeviceForm(request.POST), False
    if form.is_valid():
        try:
            PushSubscription.subscribe(
                by=request.partner.person,
                session_key=request.session.session_key or "",
                **form.cleaned_data,
            )
        except PushRefused as refused:
            form.add_error(None, str(refused))
            gone = isinstance(refused, PushGone)  # push.js makes a new one
    errors = form.non_field_errors() or bool(form.errors)
    shows = {"device_errors": errors, "device_gone": gone, **_device(request)}
    status = 422 if form.errors else 200
    return render(request, "couples/reminders.html#device", shows, status=status)


@enter(partner)
@require_POST
def reminder_device_removal(request: PartnerRequest) -> HttpResponse:
    """Send this browser no more push messages; the way chosen for each kind stays as it is."""
    if subscription := _subscription(request):
        subscription.delete()
    return redirect("reminders")


@enter(anyone)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def reminder_off(request: HttpRequest) -> HttpResponse:
    """End one kind of reminder from a mail, without signing in (RFC 8058).

    Only a POST does it: mail scanners and previews follow links. It works without a token of our
    own, since mail programs have none; the address itself is sealed.
    """
    of = request.GET.get("of", "")
    ended = request.method == "POST" and end(of)
    shows = {"ours": is_ours(of), "ended": ended}
    broken = request.method == "POST" and not ended
    return render(request, "couples/reminder_off.html", shows, status=422 if broken else 200)


@enter(anyone)
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """What shows push messages on a phone. It lies at the top, so that its scope is every page."""
    return render(request, "couples/sw.js", content_type="text/javascript")


def _subscription(request: PartnerRequest) -> PushSubscription | None:
    mine = request.partner.person.push_subscriptions
    return mine.filter(session=request.session.session_key).first()


def _device(request: PartnerRequest) -> dict[str, object]:
    """What the page says about push on this browser and elsewhere."""
    person = request.partner.person
    here = request.session.session_key
    devices = push.subscriptions(person, now=request.now) if push.is_on() else []
    return {
        "email": person.email,
        "push_key": push.public_key(),
        "takes_here": any(each.session_id == here for each in devices),
        "takes_elsewhere": sum(each.session_id != here for each in devices),
    }
