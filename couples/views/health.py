"""What a machine asks before it sends anybody here."""

from __future__ import annotations

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from couples.access import anyone, enter
from couples.delivery import watchdog


@enter(anyone)
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@enter(anyone)
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers too; beside it stands how the worker is.

    Pages work without a worker, so its silence alone takes no web process out of rotation. A
    monitor that should call somebody asks `/readyz?worker`, which is 503 then.
    """
    try:
        seen = watchdog.look()
    except DatabaseError:
        return HttpResponse("no database\n", content_type="text/plain", status=503)
    troubled = seen.is_silent or seen.is_late
    text = "\n".join(["database ok", *seen.lines(), ""])
    status = 503 if troubled and "worker" in request.GET else 200
    return HttpResponse(text, content_type="text/plain", status=status)
