"""What holds after somebody has left quickly: no session, and a history that shows nothing of ours.

Leaving sets a mark, a cookie that says nothing but "left". The phone sets it itself at the tap
(static/js/leave.js): the network may be away, or answer with an error, and the session has to end
all the same. The view sets it again, for a browser without scripts.

No page can empty a browser's history. But every page of ours is asked for anew when somebody goes
back to it (no-store), and while the mark is there the answer is a blank page, which goes on to the
neutral site, or, where somebody has opened the app on purpose, takes the mark away.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render


def mark(response: HttpResponse) -> None:
    """Note in the browser that it has left; as long as a session it could not end might last."""
    response.set_cookie(
        settings.LEFT_COOKIE_NAME,
        "1",
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        # leave.js writes it too, by this name; there is nothing in it to steal.
        httponly=False,
        samesite="Lax",
    )


def unmark(response: HttpResponse) -> None:
    """Take the mark away: somebody has come back on purpose."""
    mark(response)
    response.cookies[settings.LEFT_COOKIE_NAME]["max-age"] = 0


class LeftQuickly:
    """Ends the session of a browser that has left, before anything is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a page with a blank one; whatever else is asked comes from nobody."""
        if settings.LEFT_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        logout(request)
        if request.method == "GET" and _is_page(request):
            return render(request, "left.html")
        response = self.get_response(request)
        # A form sent as a whole page is somebody here, on purpose: nobody goes back to one.
        came_back = request.method == "POST" and _is_page(request)
        if came_back and settings.LEFT_COOKIE_NAME not in response.cookies:
            unmark(response)  # type: ignore[arg-type]
        return response


def _is_page(request: HttpRequest) -> bool:
    """Say whether the answer becomes a page of the browser, and is no part or file of one."""
    # Browsers of before 2023 do not say, and over plain http none does.
    wanted = request.headers.get("Sec-Fetch-Dest", "document")
    return wanted == "document" and "HX-Request" not in request.headers
