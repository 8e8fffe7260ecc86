#!/usr/bin/env bash
# granian's WSGI interface: a chunked upload that broke off looks like a whole one.
#
# One would guess: `wsgi.input_terminated` is True, so reading to the end either gives the whole
# body or raises, and an application can rely on it.
# What happens: the error of the connection becomes an empty read, which is also how a whole body
# ends. The application is called, reads what came, and has nothing to tell the two apart by.
# (With a Content-Length it can count; over ASGI the same server says `http.disconnect`.)
# Why it matters: half of what somebody wrote is kept as if it were all of it.
#
# Exits 1 if that has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check granian==2.8.7
cat > app.py <<'PY'
def app(environ, start_response):
    body = environ["wsgi.input"].read(100_000)
    told = f"{environ.get('wsgi.input_terminated')} {body.decode()}".encode()
    start_response("200 OK", [("Content-Length", str(len(told)))])
    return [told]
PY
cat > ask.py <<'PY'
import socket, sys, time

PORT = int(sys.argv[1])


def send(end):
    for _ in range(100):
        try:
            phone = socket.create_connection(("127.0.0.1", PORT), timeout=10)
            break
        except OSError:
            time.sleep(0.1)
    head = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    phone.sendall(head + b"5\r\nhello\r\n" + end)
    if not end:
        phone.shutdown(socket.SHUT_WR)  # the connection breaks off before the last chunk
    answer = phone.recv(4096)
    return answer.partition(b"\r\n\r\n")[2].decode()


whole, cut = send(b"0\r\n\r\n"), send(b"")
print(f"whole: {whole!r}   cut: {cut!r}")
sys.exit(0 if whole == cut == "True hello" else 1)
PY
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
venv/bin/granian --version
venv/bin/granian --interface wsgi --port "$port" --no-log app:app & server=$!
venv/bin/python ask.py "$port"
# Seen with granian 2.8.7:  whole: 'True hello'   cut: 'True hello'
