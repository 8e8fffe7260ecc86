"""fakeredis as a process of its own: `python -m config.servers.imitation PORT`."""

from __future__ import annotations

import sys
from typing import Any

import redis
from fakeredis import TcpFakeServer
from fakeredis._clients._tcp_server import TCPFakeRequestHandler

from config.servers.programs import LOOPBACK


class Connection(TCPFakeRequestHandler):
    """One client, who is refused a command as by a real Redis.

    The library hangs up after every error it replies, and a client that goes on (NOSCRIPT asks for
    the script to be sent) writes into a closed socket.
    """

    def setup(self) -> None:
        """Begin; a refusal is a reply like others."""
        super().setup()
        read = self.current_client.read_response

        def read_response(*how: Any, **named: Any) -> Any:
            try:
                return read(*how, **named)
            except redis.ResponseError as refusal:
                return refusal

        self.current_client.read_response = read_response  # type: ignore[method-assign]


class Imitation(TcpFakeServer):
    """A server that does not mind when somebody is gone."""

    def __init__(self, port: int) -> None:
        super().__init__((LOOPBACK, port))
        self.RequestHandlerClass = Connection
        self.daemon_threads = True  # the library's own start says otherwise

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that hung up; a real Redis does not either."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def main(port: int) -> None:
    """Serve until ended."""
    server = Imitation(port)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
