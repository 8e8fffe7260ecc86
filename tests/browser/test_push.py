"""Push on one phone: turned on once, told anew by every Today, shown once, and ended with sign-out.

No push service can be reached from here, so the browser's own way to one is stood in for; what the
server makes of it, and what the phone does with a message, are real.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from couples.clock import database_now
from couples.models import DeadEndpoint, Partner, PushSubscription
from tests.browser.conftest import Visits
from tests.browser.visitor import Visitor
from tests.couples.delivery.message_encryption import Receiver, to_text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENDPOINT = "https://fcm.googleapis.com/fcm/send/a-phone"
STANDS_IN = """
let ended = 0;
const made = (key) => {
  const endpoint = %(endpoint)r + (ended ? `-${ended}` : "");
  return {
    endpoint,
    options: { applicationServerKey: key },
    toJSON: () => ({ endpoint, keys: { p256dh: %(p256dh)r, auth: %(auth)r } }),
    unsubscribe: async () => { ended += 1; subscribed = null; return true; },
  };
};
let subscribed = null;
PushManager.prototype.getSubscription = async () => subscribed;
PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
  subscribed ??= made(applicationServerKey);
  return subscribed;
};
"""


@pytest.fixture
def phone(visit: Visits, ana: Partner) -> Visitor:
    receiver = Receiver.new()
    keys = {"p256dh": to_text(receiver.public), "auth": to_text(receiver.auth)}
    phone = visit(ana)
    phone.context.grant_permissions(["notifications"], origin=phone.site.url)
    phone.page.add_init_script(STANDS_IN % {"endpoint": ENDPOINT, **keys})
    return phone


def kept() -> int:
    return PushSubscription.objects.filter(endpoint=ENDPOINT).count()


def turn_on(phone: Visitor) -> None:
    phone.open("/me/reminders/")
    phone.page.get_by_role("button", name="Turn on here").click()
    expect(phone.page.get_by_text("Messages come to this device")).to_be_visible()


def test_it_is_turned_on_once_and_every_today_tells_it_anew(phone: Visitor) -> None:
    phone.open("/")
    assert kept() == 0  # nobody has turned it on
    turn_on(phone)
    assert kept() == 1
    PushSubscription.objects.all().delete()  # as a new password does
    phone.open("/")
    phone.has("the phone is known again", lambda: kept() == 1)


def test_one_that_has_ended_is_made_anew_by_the_next_today(phone: Visitor) -> None:
    phone.excuse("422")  # the server's answer to the one that has ended
    turn_on(phone)
    DeadEndpoint.bury(ENDPOINT, now=database_now())
    phone.open("/")
    anew = PushSubscription.objects.filter(endpoint=f"{ENDPOINT}-1")
    phone.has("the phone has made a new one", anew.exists)
    assert kept() == 0
    DeadEndpoint.bury(f"{ENDPOINT}-1", now=database_now())
    turn_on(phone)
    assert PushSubscription.objects.count() == 1


def test_turning_it_off_lasts_and_signing_out_ends_it(phone: Visitor) -> None:
    turn_on(phone)
    phone.page.get_by_role("button", name="No more to this device").click()
    expect(phone.page.get_by_role("button", name="Turn on here")).to_be_visible()
    phone.open("/")
    phone.page.wait_for_load_state("networkidle")
    assert kept() == 0
    turn_on(phone)
    phone.open("/me/")
    phone.page.get_by_role("button", name="Sign out").click()
    phone.has("the phone is forgotten", lambda: kept() == 0)
    assert phone.page.evaluate("Object.keys(localStorage)") == []


def test_a_browser_that_blocks_messages_says_so(visit: Visits, ana: Partner) -> None:
    phone = visit(ana)
    phone.page.add_init_script("Notification.requestPermission = async () => 'denied';")
    phone.open("/me/reminders/")
    phone.page.get_by_role("button", name="Turn on here").click()
    expect(phone.page.get_by_text("does not show messages from Hi First")).to_be_visible()
    assert kept() == 0


def test_two_copies_of_one_reminder_show_as_one(phone: Visitor) -> None:
    turn_on(phone)
    comes(phone, '{"title": "The first copy", "tag": "a"}', ["The first copy"])
    comes(phone, '{"title": "The second copy", "tag": "a"}', ["The second copy"])
    both = ["The second copy", "Another"]
    comes(phone, '{"title": "Another", "tag": "b"}', both)
    # A message nobody can read is one all the same.
    comes(phone, "not what we send", [*both, "Hi First"])


def comes(phone: Visitor, data: str, shows: list[str]) -> None:
    """Push until the phone shows just this; a browser short of time was seen to lose a message."""
    for _again in range(4):
        push(phone, data)
        with suppress(AssertionError):
            phone.has(f"it shows {shows}", lambda: sorted(shown(phone)) == sorted(shows))
            return
    assert sorted(shown(phone)) == sorted(shows)


def push(phone: Visitor, data: str) -> None:
    """Bring a message to the phone's service worker as its push service would."""
    line: CDPSession = phone.context.new_cdp_session(phone.page)
    known: list[dict[str, Any]] = []
    line.on(
        "ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"])
    )
    line.send("ServiceWorker.enable")
    phone.has("its worker is known", lambda: phone.page.evaluate("1") and known)
    here = {"origin": phone.site.url, "registrationId": known[0]["registrationId"], "data": data}
    line.send("ServiceWorker.deliverPushMessage", here)


def shown(phone: Visitor) -> list[str]:
    """Return the titles of what the phone shows."""
    titles = """navigator.serviceWorker.ready
      .then((worker) => worker.getNotifications())
      .then((notices) => notices.map((notice) => notice.title))"""
    return list(phone.page.evaluate(titles))
