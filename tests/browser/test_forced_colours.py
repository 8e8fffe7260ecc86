"""Where somebody has forced the colours of every page, what a camera reads stays readable."""

from __future__ import annotations

import io
from typing import Literal

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator

from couples.models import Couple
from tests.browser.conftest import Visits
from tests.browser.test_without import sign_in
from tests.factories import PASSWORD, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def read_by_camera(code: Locator) -> str:
    picture = Image.open(io.BytesIO(code.screenshot()))
    [found] = zxingcpp.read_barcodes(picture)
    return found.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_codes_to_scan_are_read_with_forced_colours(
    visit: Visits, scheme: Literal["light", "dark"]
) -> None:
    Couple.start(by=make_person(name="Ana"), day_zone="UTC")
    phone = visit("Ana")
    phone.page.emulate_media(forced_colors="active", color_scheme=scheme)
    sign_in(phone)
    phone.open("/")
    phone.tap("Make a link")
    phone.tap("Show it as a code to scan")
    assert "/join/" in read_by_camera(phone.page.locator(".qr"))
    phone.keep_picture(f"code-forced-{scheme}")
    phone.open("/accounts/2fa/totp/activate/")
    phone.write("Password", PASSWORD)
    phone.tap("Go on")
    assert read_by_camera(phone.page.locator(".qr")).startswith("otpauth://")
