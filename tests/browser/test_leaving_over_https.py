"""Leaving quickly over https, where a browser may keep pages in memory; it is allowed to here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright
from pytest_django import DjangoDbBlocker

from config.servers.tools import browser as installed_browser
from couples.models import Partner
from tests.browser.conftest import STAYS_AT_HOME, Visits
from tests.browser.https import SecureSite
from tests.browser.test_leaving import goes_through_its_history, leaves
from tests.couples.delivery.sink import Sink
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEEPS_NO_PAGE = "--disable-back-forward-cache"
"""What Playwright starts Chromium with, and no phone has."""


@pytest.fixture(scope="module")
def running_site(
    sink: tuple[Sink, int],
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SecureSite]:
    site = SecureSite(tmp_path_factory.mktemp("secure"), sink[1])
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="module")
def chromium(driver: Playwright, running_site: SecureSite) -> Iterator[Browser]:
    launched = driver.chromium.launch(
        executable_path=installed_browser(),
        args=[*STAYS_AT_HOME, f"--ignore-certificate-errors-spki-list={running_site.spki}"],
        ignore_default_args=[KEEPS_NO_PAGE],
    )
    yield launched
    launched.close()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("signed_in", [True, False])
def test_nothing_of_ours_stands_behind_the_back_button(
    visit: Visits, ana: Partner, signed_in: bool, scripts: bool
) -> None:
    phone = visit(ana if signed_in else "Kim", scripts=scripts)
    for path in ("/welcome/", "/safety/", "/repairs/", "/learn/", "/safety/"):
        phone.open(path)
    leaves(phone)
    goes_through_its_history(phone.page, scripts=scripts)


def test_a_page_that_signing_in_led_to_is_not_shown_from_memory(
    visit: Visits, ana: Partner
) -> None:
    """Chromium keeps the page that the very redirect with the session's cookie led to."""
    phone = visit("Ana")
    phone.open("/accounts/login/")
    phone.write("Email", ana.person.email)
    phone.write("Password", PASSWORD)
    phone.tap("Sign in")
    phone.tap("Us")
    leaves(phone)
    goes_through_its_history(phone.page, scripts=True)


def test_a_page_kept_in_memory_is_blank_and_asked_for_anew(visit: Visits, ana: Partner) -> None:
    phone = visit(ana)
    phone.open("/us/")
    hidden = "document.documentElement.hidden"
    event = "(name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true }))"
    phone.page.evaluate(event, "pagehide")
    assert phone.page.evaluate(hidden)
    with phone.page.expect_navigation():
        phone.page.evaluate(event, "pageshow")
    assert not phone.page.evaluate(hidden)
