"""Two answers race for one part of a page: the later one must not take typed words with it."""

from __future__ import annotations

from pathlib import Path

import django_htmx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from config.servers.supervisor import ROOT

pytestmark = pytest.mark.browser

HOST = "http://room.example"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
LIVE = ROOT / "static" / "js" / "live.js"

ROOM = """<div id="room" hx-get="/room" hx-swap="outerHTML"
     hx-trigger="live:repair from:body, live:resync from:body">
  <textarea id="words" aria-label="Words" hx-preserve></textarea></div>"""
PAGE = f"""<!doctype html><title>A room</title><body>{ROOM}
  <button hx-get="/room" hx-target="#room" hx-swap="outerHTML">Done</button>
  <script src="/htmx.js"></script><script type="module" src="/live.js"></script>"""


class Server:
    """Answers for the page; the first question about the room waits until it is let go."""

    def __init__(self, page: Page) -> None:
        self.held: list[Route] = []
        self.asked = 0
        page.route(f"{HOST}/", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        page.route(f"{HOST}/htmx.js", lambda route: route.fulfill(path=HTMX))
        page.route(f"{HOST}/live.js", lambda route: route.fulfill(path=LIVE))
        page.route(f"{HOST}/room", self._room)

    def _room(self, route: Route) -> None:
        self.asked += 1
        if self.asked == 1:
            self.held.append(route)
        else:
            route.fulfill(body=ROOM, content_type="text/html")

    def let_go(self) -> None:
        self.held.pop().fulfill(body=ROOM, content_type="text/html")


def test_words_stay_when_the_answer_to_a_live_event_comes_after_that_to_a_tap(
    chromium: Browser,
) -> None:
    page = chromium.new_page()
    server = Server(page)
    page.goto(f"{HOST}/")
    words = page.get_by_label("Words")
    words.fill("I felt alone.")

    with page.expect_request(f"{HOST}/room"):
        page.evaluate("htmx.trigger(document.body, 'live:repair')")
    with page.expect_response(f"{HOST}/room"):
        page.get_by_role("button", name="Done").click()
    expect(words).to_have_value("I felt alone.")
    # The late answer finds its target gone; the part asks once more instead.
    with page.expect_request(f"{HOST}/room"):
        server.let_go()

    expect(words).to_have_value("I felt alone.")
    page.close()
