#!/usr/bin/env bash
# Clear-Site-Data: "cookies" takes the cookie along that the very same answer sets (Chromium).
#
# One would guess: the header empties what was there, and the answer's own Set-Cookie stands, as a sign-out
# that leaves a note ("this browser has signed out") needs it.
# What happens: the old cookies go, and the new one with them, although it comes in the same answer.
# Why it matters: a page that signs out with this header cannot leave a mark, a flash message or a fresh
# session in that answer. Deleting one's own cookies by name and sending "storage" alone does both.
# Needs Debian's chromium (or CHROMIUM=/path/to/it).
set -euo pipefail
export CHROMIUM=${CHROMIUM:-$(command -v chromium)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check playwright==1.65.2
cat > "$folder/ask.py" <<'PY'
import http.server
import os
import threading

from playwright.sync_api import sync_playwright

CLEARS = {"/all": '"cookies"', "/storage": '"storage"', "/nothing": ""}


class Page(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.send_response(200)
        if self.path == "/sign-in":
            self.send_header("Set-Cookie", "session=1; Path=/")
        if self.path in CLEARS:
            self.send_header("Set-Cookie", "left=1; Path=/; Max-Age=600")
            if CLEARS[self.path]:
                self.send_header("Clear-Site-Data", CLEARS[self.path])
        self.end_headers()
        self.wfile.write(self.headers.get("Cookie", "none").encode())


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
threading.Thread(target=server.serve_forever, daemon=True).start()
home = f"http://localhost:{server.server_port}"
arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=arguments)
    print("Chromium", browser.version)
    found = {}
    for path, cleared in CLEARS.items():
        page = browser.new_context().new_page()
        for address in ("/sign-in", path, "/after"):
            page.goto(home + address)
        found[path] = page.inner_text("body")
        print(f"Clear-Site-Data: {cleared or 'not sent':10} -> then sent: {found[path]}")
    browser.close()
assert found["/nothing"] == "session=1; left=1", found
assert found["/storage"] == "session=1; left=1", found
assert found["/all"] == "none", found
PY
"$folder/venv/bin/python" "$folder/ask.py"
echo "still so: the new cookie goes with the old ones"
# Seen: Chromium 156.0.8078.108
#   Clear-Site-Data: "cookies"  -> then sent: none
#   Clear-Site-Data: "storage"  -> then sent: session=1; left=1
#   Clear-Site-Data: not sent   -> then sent: session=1; left=1
