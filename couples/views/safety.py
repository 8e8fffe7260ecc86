"""The safety page: one tap from everywhere, known to nobody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from couples.access import anyone, enter


@enter(anyone)
@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    """What abuse can look like, and who helps. It writes nothing anywhere."""
    return render(request, "couples/safety.html")
