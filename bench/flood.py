"""How much mail a server takes on one connection: `python -m bench.flood PORT MAILS < MAIL`.

It says over and over what a client of ours says for one mail, all of it prepared, and waits for
each answer as the protocol demands.
"""

from __future__ import annotations

import socket
import sys

from config.servers.programs import LOOPBACK

STEPS = (b"MAIL FROM:<hello@localhost>\r\n", b"RCPT TO:<1-1@many.example>\r\n", b"DATA\r\n")


def flood(port: int, mails: int, mail: bytes) -> None:
    """Hand over the same mail this many times."""
    steps = (*STEPS, mail + b"\r\n.\r\n")
    with socket.create_connection((LOOPBACK, port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _answer(line)
        for step in (b"HELO flood\r\n", *steps * mails):
            line.sendall(step)
            _answer(line)


def _answer(line: socket.socket) -> None:
    said = b""
    while not said.endswith(b"\r\n"):
        said += (came := line.recv(4096))
        if not came:
            sys.exit("The server has hung up.")
    if said[:1] not in b"23":
        sys.exit(said.decode())


if __name__ == "__main__":
    flood(int(sys.argv[1]), int(sys.argv[2]), sys.stdin.buffer.read())
