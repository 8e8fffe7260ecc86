"""The first steps: welcome, a name, a couple."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from couples.access import PersonRequest, anyone, enter, find_partner, person
from couples.forms import StartForm, posted
from couples.models import Couple, Person
from couples.registry import registered
from couples.zones import NO_CITY


@enter(anyone)
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """What this is, for somebody who has just heard of it."""
    if request.user.is_authenticated:
        return redirect("today")
    return render(request, "couples/welcome.html")


@enter(person)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: PersonRequest) -> HttpResponse:
    """Ask for a name and begin a couple; who has one already goes on to where they belong."""
    mine = find_partner(request)
    if mine and mine.person.name:
        return redirect("today")
    if request.method != "POST" and (home := other_home(request)):
        return redirect(home)
    form = StartForm(posted(request), initial=_known(request.user))
    if request.method == "POST" and form.is_valid():
        _begin(request, name=form.cleaned_data["name"], zone=form.cleaned_data["day_zone"])
        return redirect("today")
    return render(request, "couples/start.html", {"form": form}, status=422 if form.errors else 200)


def _known(person: Person) -> dict[str, str]:
    """What somebody who was in a couple before need not say again."""
    zone = person.time_zone if person.time_zone != NO_CITY else ""
    return {"name": person.name or "", "day_zone": zone}


def _begin(request: PersonRequest, *, name: str, zone: str) -> None:
    me = request.user
    me.time_zone = zone
    me.save(update_fields=["time_zone"])
    me.call_me(name)
    try:
        with transaction.atomic():
            Couple.start(by=me, day_zone=zone)
    except IntegrityError:
        # A second tap: the first has already started the couple, and that is what was wanted.
        return


def other_home(request: HttpRequest) -> str | None:
    """Return where somebody without a couple belongs instead, such as a therapist's desk."""
    homes = (home(request) for home in registered("OTHER_HOMES"))
    return next((url for url in homes if url), None)
