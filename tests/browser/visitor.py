"""Somebody with a browser of their own, and what a person does with it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    expect,
)

from tests.browser.site import Site
from tests.waiting import eventually

LISTENS_TO_THE_LIVE_LINE = """
window.line = { open: false, changes: 0 };
window.EventSource = class extends window.EventSource {
  constructor(address) {
    super(address);
    // A little later: an event that comes along with it has then been heard too.
    this.addEventListener("hello", () => setTimeout(() => { window.line.open = true; }, 50));
    this.addEventListener("changed", () => { window.line.changes += 1; });
  }
};
"""
"""Notes in `window.line` what the page's own stream brings."""

HEARS = """
(!document.body.dataset.live || !window.line || window.line.open)
  && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
"""


class Visitor:
    """One person, one browser context, one page.

    Whatever goes wrong in the background is kept in `faults`: errors in the console (refusals by
    the content security policy among them), errors of scripts, requests to other hosts.
    """

    def __init__(
        self, name: str, context: BrowserContext, site: Site, *, scripts: bool = True
    ) -> None:
        self.name = name
        self.site = site
        self.context = context
        self.faults: list[str] = []
        self.taps = 0
        """How often this person has tapped so far, beside typing."""

        self._excused: list[str] = []
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self._fault(f"script: {error.error}"))
        self.page: Page = context.new_page()
        self.runs_scripts = scripts
        if scripts:
            self.page.add_init_script(LISTENS_TO_THE_LIVE_LINE)

    @property
    def address(self) -> str:
        return f"{self.name.lower()}@example.com"

    # --- Going and doing -------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """Go to a page, named by its path or its whole address."""
        self.page.goto(path if path.startswith("http") else self.site.url + path)
        self.hears()

    def tap(self, words: str) -> None:
        """Tap the one button, link or fold with these words."""
        self.control(words).click()
        self.taps += 1

    def write(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.field(label).fill(text)

    def choose(self, *answers: str) -> None:
        """Tap each of these answers, as they stand beside their circle or box."""
        for answer in answers:
            self.page.locator("label").filter(has_text=_whole(answer)).click()
            self.taps += 1

    def field(self, label: str) -> Locator:
        """Return the field with this label, whether it has to be filled in or not."""
        return self.page.get_by_label(_whole(label, r"(\s+\(if you like\))?"))

    def control(self, words: str) -> Locator:
        """Return what can be tapped and is called `words`."""
        by_role = self.page.get_by_role("button", name=words, exact=True)
        link = self.page.get_by_role("link", name=words, exact=True)
        fold = self.page.locator("summary").filter(has_text=_whole(words))
        return by_role.or_(link).or_(fold)

    @contextmanager
    def out_of_earshot(self) -> Iterator[None]:
        """Keep the page from being told anything meanwhile: a new stream gets no answer.

        Without it, a page whose session has ended may leave for the sign-in page by itself, just
        before something on it is tapped.
        """
        self.page.route("**/live/", lambda _route: None)
        yield
        self.page.unroute("**/live/")

    # --- Looking ---------------------------------------------------------------------------------

    def sees(self, words: str) -> None:
        """Wait until the words are on the page."""
        expect(self.page.get_by_text(words).first).to_be_visible()
        self.hears()

    def sees_heading(self, words: str) -> None:
        """Wait until a heading says the words."""
        expect(self.page.get_by_role("heading", name=words, exact=True)).to_be_visible()
        self.hears()

    def sees_sign(self, label: str) -> None:
        """Wait until a drawing says to a screen reader what `label` says."""
        expect(self.page.get_by_role("img", name=label, exact=True).first).to_be_visible()
        self.hears()

    def hears(self, within: float = 20) -> None:
        """Wait until the page stands still, and is told at once of what the other does."""
        if self.runs_scripts:
            eventually(self._hears, within=within, what=f"{self.name}'s page is there and listens")

    def _hears(self) -> bool:
        try:
            return bool(self.page.evaluate(HEARS))
        except Error:
            return False  # on its way to another page

    def has(self, what: str, check: Callable[[], object], *, within: float = 20) -> None:
        """Wait for `what`; Playwright hears of the page only while it is asked something."""
        eventually(lambda: self.page.title() and check(), within=within, what=what)

    def finds_nothing_of(self, *texts: str) -> None:
        """Look for the texts in all that this person's browser was sent."""
        for html in self.sent():
            for text in texts:
                assert text not in html, f"{self.name} was sent {text!r}"

    def sent(self) -> list[str]:
        """Return the HTML of the page as it stands, and as it is when asked for anew."""
        return [self.page.content(), self.context.request.get(self.page.url).text()]

    def keep_picture(self, name: str) -> None:
        """Keep what the whole page looks like, where somebody has asked for it (`PICTURES`)."""
        if folder := os.environ.get("PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    # --- What went wrong in the background -------------------------------------------------------

    def excuse(self, *parts: str) -> None:
        """Expect faults that contain one of these, because the test provokes them."""
        self._excused += parts

    @property
    def unexpected(self) -> list[str]:
        """The faults that nobody excused."""
        return [f for f in self.faults if not any(part in f for part in self._excused)]

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self.name}: {what}")

    def _on_request(self, request: Request) -> None:
        there = urlsplit(request.url)
        if there.scheme not in {"data", "blob"} and there.netloc != self.site.host:
            self._fault(f"request to another host: {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._fault(f"console: {message.text} ({message.location.get('url', '')})")


def _whole(words: str, then: str = "") -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(words)}{then}\s*$")
