"""Leaving quickly: gone from the screen, signed out, and no way back by the back button."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from couples.models import Partner
from tests.browser.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ELSEWHERE = "<!doctype html><title>Elsewhere</title><h1>An encyclopaedia</h1>"


@pytest.mark.parametrize("scripts", [True, False])
def test_one_tap_ends_the_session_and_shows_another_site(
    visit: Visits, ana: Partner, scripts: bool
) -> None:
    phone = visit(ana, scripts=scripts)
    phone.excuse(settings.LEAVE_TO)
    phone.context.route(
        f"{settings.LEAVE_TO}**",
        lambda route: route.fulfill(body=ELSEWHERE, content_type="text/html"),
    )
    phone.open("/us/")
    phone.open("/me/")
    phone.page.get_by_role("button", name="Leave quickly").click()
    expect(phone.page.get_by_role("heading", name="An encyclopaedia")).to_be_visible()

    phone.page.go_back()
    # Whatever page it was on, it is asked for anew, by nobody in particular.
    expect(phone.page).to_have_url(re.compile("/accounts/login/"))
    phone.finds_nothing_of("Ana", "ana@example.com")
    phone.open("/")
    phone.sees_heading("Say hi first.")


def test_what_was_being_typed_is_gone_too(visit: Visits, ana: Partner) -> None:
    phone = visit(ana)
    phone.excuse(settings.LEAVE_TO)
    phone.context.route(
        f"{settings.LEAVE_TO}**",
        lambda route: route.fulfill(body=ELSEWHERE, content_type="text/html"),
    )
    phone.open("/repairs/new/")
    phone.write("What happened?", "You left while I was talking.")
    assert "You left" in phone.page.evaluate("JSON.stringify({...localStorage})")
    phone.tap("Leave quickly")
    expect(phone.page.get_by_role("heading", name="An encyclopaedia")).to_be_visible()
    phone.open("/")
    assert "You left" not in phone.page.evaluate("JSON.stringify({...localStorage})")
    assert phone.page.evaluate("localStorage.length") == 0
