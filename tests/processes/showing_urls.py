"""The addresses of the house, and two pages that show what a request carries, and what fails."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from config.urls import urlpatterns as ours


def meta(request: HttpRequest) -> HttpResponse:
    """Show all that is known of this request."""
    return JsonResponse({name: str(value) for name, value in request.META.items()})


def fails(_request: HttpRequest) -> HttpResponse:
    """Fail with secrets in hand, as a client of a server does that names its address."""
    held: Any = {"keys": settings.VAULT_KEYS, "redis": settings.REDIS_URL}
    raise RuntimeError(f"cannot use {held}")


urlpatterns = [path("meta/", meta), path("fails/", fails), *ours]
