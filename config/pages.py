"""What stands between a server and Django, whichever server it is.

A request reaches Django whole, from the phone it came from, and with nothing of ours in it.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from django.conf import settings

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

LARGEST_BODY = 4 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
"""Bytes of a request that are read at all; Django refuses a smaller form with words."""

OF_A_REQUEST = frozenset({
    "CONTENT_LENGTH", "CONTENT_TYPE", "PATH_INFO", "QUERY_STRING", "REMOTE_ADDR", "REMOTE_PORT",
    "REQUEST_METHOD", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL",
})  # fmt: skip
"""What a request consists of beside its headers (PEP 3333)."""

REFUSAL = [
    ("Content-Length", "0"),
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]

STATUS = {
    400: "400 Bad Request",
    411: "411 Length Required",
    413: "413 Content Too Large",
}


class Whole:
    """Gives an application requests that are whole, and nothing of the process they came to."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request of a server."""
        request = of_the_request(environ)
        refused = read_whole(request)
        if refused is None:
            return self._application(request, start_response)
        start_response(STATUS[refused], REFUSAL)
        return []


class FewThreads:
    """Answers on a few threads of its own, however many the server has.

    A thread keeps its database connection: so there are never more than `threads` of them, and
    who comes when all are busy waits. The server's threads meanwhile wait for slow phones.
    """

    def __init__(self, application: Application, *, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    def __call__(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """Answer one request of a server, once a thread is free."""
        status, headers, body = self._threads.submit(self._answer, environ).result()
        start_response(status, headers)
        return [body]

    def _answer(self, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
        """Take the whole answer, so that all of it is made, and closed, on this thread."""
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        answer = self._application(environ, lambda *head: begun.append((head[0], head[1])))
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        return *begun[-1], body


def of_the_request(environ: Environ) -> Environ:
    """Return what belongs to the request alone, from the phone that sent it.

    granian's WSGI interface lays the request over a copy of the process's environment: keys of
    the vault and the database's password would be in `request.META`, for any report to print.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if (name in OF_A_REQUEST or name.startswith(("HTTP_", "wsgi.")))
        # A header that the process was started with (HTTP_PROXY) was sent by nobody.
        and not (name.startswith("HTTP_") and os.environ.get(name) == value)
    }
    forwarded = kept.pop("HTTP_X_FORWARDED_FOR", "")
    if phone := phone_of(forwarded, proxies=settings.TRUSTED_PROXIES):
        kept["REMOTE_ADDR"] = phone
    return kept


def phone_of(forwarded: str, *, proxies: int) -> str | None:
    """Return the address that the outermost of our own proxies saw, or None where none says it.

    Each proxy appends the address it was asked from; what stands further left was written by the
    phone itself, and counts for nothing.
    """
    hops = [hop.strip() for hop in forwarded.split(",")]
    if not 0 < proxies <= len(hops):
        return None
    try:
        address = ipaddress.ip_address(hops[-proxies])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def read_whole(environ: Environ) -> int | None:
    """Read the body into `environ`; return the status to refuse with when it is not all there.

    A phone that is cut off in the middle of a text has not sent that text: a server hands over
    what came as if that were all. Without a length nobody can tell (granian ends a chunked body
    that broke off like a whole one), and no browser sends a form without.
    """
    announced = environ.get("CONTENT_LENGTH") or ""
    if "HTTP_TRANSFER_ENCODING" in environ or (not announced and _may_have_a_body(environ)):
        return 411
    if not announced:
        announced = "0"
    if not (announced.isascii() and announced.isdigit()):
        return 400
    length = int(announced[:20])
    if length > LARGEST_BODY:
        return 413
    body = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = BytesIO(body)
    return None if len(body) == length else 400


def _may_have_a_body(environ: Environ) -> bool:
    """HTTP/2 sends a body without a length and without saying so; HTTP/1 does not."""
    is_http_1 = str(environ.get("SERVER_PROTOCOL", "HTTP/1.1")).startswith("HTTP/1")
    return not is_http_1 and environ["REQUEST_METHOD"] in {"POST", "PUT", "PATCH", "DELETE"}
