"""A push service on the loopback: takes messages for real, and misbehaves when told to."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BROKEN = 0
"""In place of a status: the connection is cut after the request was read."""


@dataclass(frozen=True)
class Request:
    """One request as it came over the wire."""

    path: str
    headers: Message
    body: bytes


@dataclass
class PushService:
    """What has arrived, and what is answered."""

    status: int = 201
    at: dict[str, int] = field(default_factory=dict)
    """Other answers, by the path of the request."""
    extra: dict[str, str] = field(default_factory=dict)
    arrived: list[Request] = field(default_factory=list)
    goes_on: threading.Event = field(default_factory=threading.Event)
    """Cleared, it keeps every answer back until it is set."""
    origin: str = ""

    def __post_init__(self) -> None:
        self.goes_on.set()

    def start(self) -> None:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.arrived.append(Request(self.path, self.headers, body))
                service.goes_on.wait()
                self.close_connection = True
                status = service.at.get(self.path, service.status)
                if status == BROKEN:
                    return
                self.send_response(status)
                for name, value in {**service.extra, "Content-Length": "0"}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """Say nothing: whoever asked may have been killed meanwhile."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self.goes_on.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
