"""Leaving quickly: gone from the screen, signed out, and nothing of ours behind the back button."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

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


STATE = "(page) => [performance.timeOrigin, document.readyState, document.title, page.outerHTML]"


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


@dataclass
class History:
    """What somebody who takes the phone is shown when they go through its history."""

    page: Page
    scripts: bool
    seen: list[str] = field(default_factory=list)
    """Titles and whole pages, those included that went on by themselves."""

    def look(self) -> tuple[float, bool]:
        """Return which page this is, and whether it stands still; (0, False) on the way to one.

        Asked of an element, as that has a time limit: an engine may give no answer for a page that
        has just gone.
        """
        still = {"Elsewhere", ""} if self.scripts else {"Elsewhere", "", "…"}
        try:
            which, state, title, html = self.page.locator("html").evaluate(STATE, timeout=2_000)
        except Error:
            return 0, False
        self.seen.append(title + html)
        return which, state == "complete" and title in still

    def go(self, way: str, *, within: float = 3) -> bool:
        """Go back or forward until the page that comes stands still; False where none comes."""
        before, _still = self.look()
        with suppress(Error):
            self.page.evaluate(f"void setTimeout(() => history.{way}())")
        try:
            eventually(lambda: self.look()[0] not in {0, before}, within=within, what="a page")
        except AssertionError:
            return False
        return eventually(lambda: self.look()[1], within=20, what="the browser has come to rest")


def goes_through_its_history(page: Page, *, scripts: bool) -> None:
    """Go back ten times and forward three times, and find nothing of ours."""
    history = History(page, scripts)
    assert history.go("back", within=20)
    for way, steps in {"back": 9, "forward": 3}.items():
        all(history.go(way) for _ in range(steps))  # as far as there is a page
    assert not [words for words in OURS if any(words in each for each in history.seen)]


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
            phone.page.go_back(wait_until="commit", timeout=3_000)
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
    assert not Session.objects.exists()
    phone.open("/")
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


@pytest.mark.parametrize("scripts", [True, False])
def test_the_screen_is_blank_while_the_network_is_still_being_asked(
    visit: Visits, ana: Partner, scripts: bool
) -> None:
    phone = visit(ana, scripts=scripts)
    phone.excuse(settings.LEAVE_TO)
    for address in (f"{settings.LEAVE_TO}**", "**/leaving-quickly/"):
        phone.context.route(address, hold)
    phone.open("/us/")
    phone.page.get_by_role("button", name="Leave quickly").click(no_wait_after=True)
    blank = """() => document.documentElement.hidden
      || getComputedStyle(document.documentElement, "::before").position === "fixed" """
    eventually(lambda: phone.page.evaluate(blank), within=10, what="nothing is to be seen")
