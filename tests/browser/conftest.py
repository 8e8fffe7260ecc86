"""A real site, a real browser, and people who use both."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from typing import Any, Literal

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Error, Playwright, ViewportSize, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from config.servers.programs import free_port
from config.servers.tools import browser as installed_browser
from couples.live import publisher as live
from couples.models import Partner, Person
from tests.browser.firefox import launch as launch_firefox
from tests.browser.mailbox import Mailbox
from tests.browser.site import Site, at_rest
from tests.browser.visitor import Visitor
from tests.couples.delivery.sink import Sink, SinkServer
from tests.waiting import eventually
from therapists.models import Therapist

PHONE = ViewportSize(width=390, height=844)
SMALL_PHONE = ViewportSize(width=360, height=740)
LAPTOP = ViewportSize(width=1280, height=800)

PATIENCE = 20_000
"""Milliseconds for whatever a person waits for; a machine shared with other tests needs some."""

expect.set_options(timeout=PATIENCE)

STAYS_AT_HOME = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def sink() -> Iterator[tuple[Sink, int]]:
    """A mail server that takes everything, and its port."""
    taken, port = Sink(), free_port()
    server = SinkServer(taken, port)
    server.start()
    try:
        yield taken, port
    finally:
        server.stop()


@pytest.fixture(autouse=True)
def told_in_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let what a test does itself be told before it goes on, however busy Redis is."""
    with monkeypatch.context() as patient:
        patient.setattr(live, "PATIENCE", 5)
        line = live.Line(settings.REDIS_URL)
    monkeypatch.setattr(live, "line", lambda: line)
    yield
    line.forget()


@pytest.fixture(scope="session")
def running_site(
    sink: tuple[Sink, int],
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The site, started once for each worker."""
    site = Site(tmp_path_factory.mktemp("site"), sink[1])
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="package")
def driver() -> Iterator[Playwright]:
    """What drives the browsers; its event loop is gone again when other tests want theirs.

    Playwright keeps that loop running in this thread, and Django would refuse to use the database
    beside it. The tests' own queries are synchronous and alone, so that is harmless here.
    """
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield stack.enter_context(sync_playwright())


@pytest.fixture(scope="package")
def chromium(driver: Playwright) -> Iterator[Browser]:
    """One browser process for all tests."""
    launched = driver.chromium.launch(executable_path=installed_browser(), args=STAYS_AT_HOME)
    yield launched
    launched.close()


@pytest.fixture(scope="package")
def firefox(driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The system's Firefox, for what engines do differently; always light."""
    launched = launch_firefox(driver, tmp_path_factory.mktemp("firefox"))
    yield launched
    launched.close()


@pytest.fixture
def site(transactional_db: None, driver: Playwright, running_site: Site) -> Iterator[Site]:
    """The site as one test finds it: nobody there yet, no limit used up."""
    cache.clear()
    yield running_site
    # Emptying the tables must not meet a request that is still under way.
    eventually(at_rest, within=10, what="the site has answered everything")


@pytest.fixture
def mailbox(sink: tuple[Sink, int]) -> Mailbox:
    """What is sent during one test."""
    box = Mailbox(sink[0])
    box.empty()
    return box


class Visits:
    """Calling it opens a browser for one more person."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser = browser
        self._site = site
        self.visitors: list[Visitor] = []

    def __call__(
        self,
        who: str | Partner | Therapist | Person,
        *,
        screen: ViewportSize = PHONE,
        scheme: Literal["light", "dark"] = "light",
        scripts: bool = True,
        touch: bool = False,
        zone: str = "Europe/Berlin",
    ) -> Visitor:
        """Return a stranger called `who`, or somebody who is signed in already.

        A therapist, and an operator (a bare person), has shown a second factor in the session.
        """
        context = self._browser.new_context(
            viewport=screen,
            color_scheme=scheme,
            java_script_enabled=scripts,
            has_touch=touch,
            locale="en-US",
            timezone_id=zone,
            reduced_motion="reduce",
            # Firefox is told of no certificate; Chromium knows that of a secure site by its key.
            ignore_https_errors=True,
        )
        context.set_default_timeout(PATIENCE)
        if not isinstance(who, str):
            context.add_cookies([self._session_of(who)])
        name = who if isinstance(who, str) else str(who.name)
        visitor = Visitor(name, context, self._site, scripts=scripts)
        self.visitors.append(visitor)
        return visitor

    def _session_of(self, who: Partner | Therapist | Person) -> Any:
        client = Client()
        person = who if isinstance(who, Person) else who.person
        client.force_login(person)
        session = client.session
        if not isinstance(who, Partner):
            if not is_mfa_enabled(person):
                TOTP.activate(person, generate_totp_secret())
            session["account_authentication_methods_user"] = str(person.pk)
            session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
            session.save()
        return {
            "name": self._site.session_cookie,
            "value": session.session_key,
            "url": self._site.url,
            "httpOnly": True,
            "secure": self._site.url.startswith("https:"),
            "sameSite": "Lax",
        }


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visits]:
    """Open browsers; afterwards no script failed, no rule was broken, nobody else was talked to."""
    yield from visits_with(chromium, site)


@pytest.fixture
def visit_in_firefox(firefox: Browser, site: Site) -> Iterator[Visits]:
    """As `visit`, in Firefox."""
    yield from visits_with(firefox, site)


@pytest.fixture(params=["visit", "visit_in_firefox"], ids=["chromium", "firefox"])
def visit_in_each(request: pytest.FixtureRequest) -> Visits:
    """As `visit`, once in each engine."""
    visits: Visits = request.getfixturevalue(request.param)
    return visits


def visits_with(browser: Browser, site: Site) -> Iterator[Visits]:
    """Let a test open pages in this browser, and look at what went wrong in the background."""
    visits = Visits(browser, site)
    try:
        yield visits
    finally:
        for visitor in visits.visitors:
            visitor.context.close()
    faults = [fault for visitor in visits.visitors for fault in visitor.unexpected]
    assert not faults, "\n".join(faults)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what everybody had on the screen when a test failed."""
    report = yield
    all_visits = [v for v in getattr(item, "funcargs", {}).values() if isinstance(v, Visits)]
    if report.when == "call" and report.failed:
        for visitor in [visitor for visits in all_visits for visitor in visits.visitors]:
            try:
                shown = visitor.page.locator("body").aria_snapshot(timeout=5_000)
            except Error as nothing:
                shown = str(nothing)  # on its way to another page
            report.sections.append((f"{visitor.name} at {visitor.page.url}", shown))
    return report
