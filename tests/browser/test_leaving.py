"""Leaving quickly: gone from the screen, signed out, and nothing of ours behind the back button."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from couples.models import Partner
from tests.browser.conftest import Visits
from tests.browser.visitor import Visitor
from tests.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ELSEWHERE = "<!doctype html><title>Elsewhere</title><h1>An encyclopaedia</h1>"
OURS = ("Hi First", "Safety", "Repair", "Say hi", "Welcome", "Sign in", "Ana", "ana@example.com")
"""Words that stand on our pages, the titles of the pages visited among them."""


def elsewhere(context: BrowserContext) -> None:
    """Answer for the neutral site, which no test may reach."""
    context.route(
        f"{settings.LEAVE_TO}**",
        lambda route: route.fulfill(body=ELSEWHERE, content_type="text/html"),
    )


def leaves(phone: Visitor) -> None:
    phone.excuse(settings.LEAVE_TO)
    elsewhere(phone.context)
    phone.tap("Leave quickly")
    expect(phone.page.get_by_role("heading", name="An encyclopaedia")).to_be_visible()


class Chrome:
    """The browser's own buttons and eyes: they need no script of the page and wait for nothing."""

    def __init__(self, page: Page) -> None:
        self._devtools = page.context.new_cdp_session(page)

    def sees(self, expression: str) -> Any:
        """Return what the expression is on the page that stands there; None on the way to one."""
        try:
            asked = {"expression": expression, "returnByValue": True}
            return self._devtools.send("Runtime.evaluate", asked)["result"].get("value")
        except Error:
            return None

    def goes(self, step: int) -> bool:
        """Go one page back (-1) or forward (1) in the history; False where there is none."""
        history = self._devtools.send("Page.getNavigationHistory")
        there = history["currentIndex"] + step
        if not 0 <= there < len(history["entries"]):
            return False
        entry = {"entryId": history["entries"][there]["id"]}
        self._devtools.send("Page.navigateToHistoryEntry", entry)
        return True


WHOLE = """[performance.timeOrigin, document.readyState, document.title,
  document.documentElement.outerHTML]"""


def goes_through_its_history(page: Page, *, scripts: bool) -> None:
    """Go back ten times and forward three times, and find nothing of ours, titles included."""
    chrome = Chrome(page)
    rests_at = {"Elsewhere", ""} if scripts else {"Elsewhere", "", "…"}
    seen: list[str] = []
    pages: set[float] = set()

    def at_rest() -> bool:
        which, state, title, html = chrome.sees(WHOLE) or (0, "", "", "")
        seen.append(title + html)  # a page that goes on by itself counts too
        pages.add(which)
        return state == "complete" and title in rests_at and which not in before

    for step in [-1] * 10 + [1] * 3:
        before = {(chrome.sees(WHOLE) or [0])[0]}
        if chrome.goes(step):
            eventually(at_rest, within=20, what="another page stands still")
    assert len(pages) > 3
    assert not [words for words in OURS if any(words in each for each in seen)]


@pytest.mark.parametrize("scripts", [True, False])
def test_nothing_of_ours_stands_behind_the_back_button(
    visit: Visits, ana: Partner, scripts: bool
) -> None:
    phone = visit(ana, scripts=scripts)
    for path in ("/", "/safety/", "/repairs/", "/us/", "/safety/"):
        phone.open(path)
    leaves(phone)
    goes_through_its_history(phone.page, scripts=scripts)


def test_firefox_asks_anew_for_every_page_behind_the_back_button(
    visit_in_firefox: Visits, ana: Partner
) -> None:
    """What it asks for is answered blank, as above; what it had in memory would be shown."""
    phone = visit_in_firefox(ana)
    phone.excuse(settings.LEAVE_TO)
    paths = ["/", "/safety/", "/repairs/"]
    for path in paths:
        phone.open(path)
    asked: list[str] = []
    phone.page.on("request", lambda sent: asked.append(sent.url))
    with suppress(Error):
        phone.control("Leave quickly").click(no_wait_after=True, timeout=3_000)
    for _ in paths:
        with suppress(Error):
            phone.page.go_back(wait_until="commit", timeout=10_000)
    assert {phone.site.url + path for path in paths[:2]} <= set(asked)


def test_a_stranger_who_has_read_about_safety_leaves_nothing_either(visit: Visits) -> None:
    phone = visit("Kim")
    phone.open("/welcome/")
    phone.tap("If you don't feel safe")
    leaves(phone)
    goes_through_its_history(phone.page, scripts=True)


@pytest.mark.parametrize("scripts", [True, False])
def test_whoever_opens_the_app_on_purpose_comes_in_signed_out(
    visit: Visits, ana: Partner, scripts: bool
) -> None:
    phone = visit(ana, scripts=scripts)
    phone.open("/me/")
    leaves(phone)
    # With scripts nothing waits for that post: what is opened next ends the session if need be.
    phone.open("/")
    assert not Session.objects.exists()
    if not scripts:
        expect(phone.page.locator("body")).to_have_text("Continue")
        phone.tap("Continue")
    phone.sees_heading("Say hi first.")
    phone.open("/safety/")
    phone.sees_heading("Safety")


def offline(context: BrowserContext) -> None:
    context.set_offline(True)


def broken(context: BrowserContext) -> None:
    context.route("**/leaving-quickly/", lambda route: route.fulfill(status=503))


def hanging(context: BrowserContext) -> None:
    context.route("**/leaving-quickly/", hold)


def hold(_route: Route) -> None:
    """Never answer."""


@pytest.mark.parametrize("network", [offline, broken, hanging])
def test_a_way_out_that_the_network_does_not_hear_of_ends_the_session_all_the_same(
    visit: Visits, ana: Partner, network: object
) -> None:
    phone = visit(ana)
    phone.excuse("Failed to load resource", "net::ERR", "live")
    phone.open("/")
    assert callable(network)
    network(phone.context)
    leaves(phone)
    assert Session.objects.count() == 1, "nobody has told the server"

    phone.context.unroute("**/leaving-quickly/")
    phone.context.set_offline(False)
    phone.open("/")
    phone.sees_heading("Say hi first.")
    phone.finds_nothing_of("Ana", "ana@example.com")
    assert not Session.objects.exists()


def test_what_was_being_typed_is_gone_too(visit: Visits, ana: Partner) -> None:
    phone = visit(ana)
    phone.open("/repairs/new/")
    phone.write("What happened?", "You left while I was talking.")
    assert "You left" in phone.page.evaluate("JSON.stringify({...localStorage})")
    leaves(phone)
    phone.open("/")
    assert "You left" not in phone.page.evaluate("JSON.stringify({...localStorage})")
    assert phone.page.evaluate("localStorage.length") == 0


def test_the_screen_is_blank_before_the_network_is_asked(visit: Visits, ana: Partner) -> None:
    phone = visit(ana)
    phone.page.add_init_script("""window.fetch = async () => {
      console.info(`blank: ${document.documentElement.hidden}`);
    }""")
    told: list[str] = []
    phone.page.on("console", lambda said: told.append(said.text))
    phone.open("/us/")
    leaves(phone)
    assert "blank: true" in told


def test_the_screen_is_blank_under_the_finger_without_scripts(visit: Visits, ana: Partner) -> None:
    phone = visit(ana, scripts=False)
    phone.open("/us/")
    covered = """getComputedStyle(document.documentElement, "::before").position === "fixed" """
    assert not phone.page.evaluate(covered)
    phone.control("Leave quickly").hover()
    phone.page.mouse.down()
    assert phone.page.evaluate(covered)
