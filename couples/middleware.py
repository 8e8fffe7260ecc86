"""What every request and every page goes through."""

from __future__ import annotations

import codecs
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers


class NumberedRequests:
    """Gives each request a number of its own, which every line logged during it carries.

    Lines of one request can be found together; whose it was stands in none of them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the number known to the log meanwhile."""
        number = uuid.uuid4().hex[:12]
        # Django logs what it answered after this, and hands over the request.
        request.number = number  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request=number):
            return self.get_response(request)


class OurOriginAlone:
    """Lets no other site embed anything of ours: pages, answers, scripts, pictures.

    Cross-Origin-Resource-Policy (Fetch standard): the browser does not hand it over, so that
    another site cannot measure by it whether somebody is signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the header that keeps the answer on our own pages."""
        response = self.get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class PrivatePages:
    """Every page is kept by no cache, so that the back button shows nothing after leaving.

    Static files are answered before this and may be cached for a year.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the headers that keep the answer private."""
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        patch_vary_headers(response, ["HX-Request"])
        return response


class SoundRequests:
    """Refuses what no browser of ours sends, where it would only fail later and deeper.

    Pages are UTF-8, and so are the forms that come back from them. A quoted cookie can carry a
    NUL, which PostgreSQL takes in no text.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass a sound request on; raises BadRequest, which is answered with 400."""
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("forms are sent as UTF-8")
        if any("\x00" in value for value in request.COOKIES.values()):
            raise BadRequest("a cookie holds a NUL")
        return self.get_response(request)
