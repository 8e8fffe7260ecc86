#!/usr/bin/env bash
# fakeredis's TCP server ends the connection after every error reply.
#
# One would guess: an error reply (-NOSCRIPT, -WRONGTYPE) is an answer like any other; RESP leaves the
# connection open after it, and a real Redis does.
# What happens: the reply arrives, and then the server closes the socket. The next command on that
# connection fails; a client that takes the connection from a pool writes into a closed socket.
# Why it matters: clients provoke error replies on purpose. redis-py sends EVALSHA first and loads the
# script when the answer is NOSCRIPT, so that the first lock or script on a stand-in ends a connection,
# and whoever shares it logs a broken pipe that says nothing about the program at hand.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "fakeredis[lua]==2.40.0" "redis==8.1.0"
cat > "$folder/ask.py" <<'PY'
import socket
import threading
from importlib.metadata import version

from fakeredis import TcpFakeServer

server = TcpFakeServer(("127.0.0.1", 0), server_type="redis")
threading.Thread(target=server.serve_forever, daemon=True).start()


def command(*words):
    parts = "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
    return f"*{len(words)}\r\n{parts}".encode()


def said_and_left_open(*words):
    """The first line of the answer, and whether a PING on the same connection is answered."""
    with socket.create_connection(server.server_address, timeout=10) as line:
        line.sendall(command(*words))
        answer = line.recv(4096).split(b"\r\n")[0].decode()
        try:
            line.sendall(command("PING"))
            return answer, line.recv(4096) == b"+PONG\r\n"
        except OSError:
            return answer, False


print("fakeredis", version("fakeredis"))
fine = said_and_left_open("SET", "a", "1")
wrong = said_and_left_open("LPUSH", "a", "1")
print("SET a 1     ->", *fine)
print("LPUSH a 1   ->", *wrong)
assert fine == ("+OK", True), fine
assert wrong[0].startswith("-"), wrong
assert not wrong[1], "the connection stays open now"
PY
"$folder/venv/bin/python" "$folder/ask.py"
echo "still so: an error reply is followed by the end of the connection"
# Seen: fakeredis 2.40.0
#   SET a 1     -> +OK True
#   LPUSH a 1   -> -ERR WRONGTYPE Operation against a key holding the wrong kind of value False
#   (the prefix differs too: a real Redis says -WRONGTYPE, without ERR)
