"""Leaving quickly."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from couples.access import anyone, enter


@enter(anyone)
@csrf_exempt
@require_POST
def leave_quickly(request: HttpRequest) -> HttpResponse:
    """End this session, clear what the app stored, and go to a neutral site.

    It works without a token, so that it never fails on a stale page; all a forged post could do
    is sign somebody out, and our cookies do not travel with posts from other sites.
    """
    logout(request)
    gone = HttpResponseRedirect(settings.LEAVE_TO)
    gone.status_code = 303
    gone.headers["Clear-Site-Data"] = '"cache", "storage"'
    return gone
