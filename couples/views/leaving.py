"""Leaving quickly, and coming back on purpose."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from couples.access import anyone, enter
from couples.leaving import mark, unmark


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
    mark(gone)
    # Without "cache": a browser empties that first, and shows our page for seconds meanwhile. It
    # holds nothing of anybody's, as pages are no-store. Without "cookies": that takes the mark too,
    # and the cookies of other programs on the same host; ours ends with its session.
    gone.headers["Clear-Site-Data"] = '"storage"'
    return gone


@enter(anyone)
@csrf_exempt
@require_POST
def come_back(request: HttpRequest) -> HttpResponse:
    """Take the mark of having left away, where no script can, and go to the page that was opened.

    Without a token, as the blank page sets no cookie; a forged post could do no more than this.
    """
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts=None) and there.startswith("/")
    back = HttpResponseRedirect(there if safe else "/")
    back.status_code = 303
    unmark(back)
    return back
