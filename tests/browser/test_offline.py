"""A tap without a connection stays on the phone, and arrives once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Route, expect

from couples.clock import database_now
from couples.models import Partner
from rituals.days.models.design import end_ritual
from rituals.models import Mark, RitualSchedule
from tests.browser.conftest import Visits
from tests.browser.test_without import sign_in_here
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = "Yours is kept on this phone. It goes out by itself once there is a connection."
STORED = "Object.keys({...localStorage, ...sessionStorage}).filter(key => !key.startsWith('htmx'))"
TAPS = (
    "JSON.parse(Object.entries(localStorage).find(([key]) => key.endsWith(':taps'))?.[1] ?? '[]')"
)
WAITING = f"{TAPS}.length"
TOKEN = "JSON.parse(document.body.getAttribute('hx-headers'))['x-csrftoken']"
TRY_NOW = "document.dispatchEvent(new Event('visibilitychange')) && undefined"
REPLAYS = 5
MINE = "Your half is there; the half of Ben is open."


@pytest.fixture
def phone(visit: Visits, ana: Partner, ben: Partner) -> Visitor:
    """Ana's, on Today; what it says in the console without a connection is no fault."""
    hers = visit(ana)
    hers.excuse("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "htmx:sendError", "htmx:afterRequest")
    hers.open("/")
    return hers


def tap_offline(phone: Visitor, words: str = "I said hi") -> None:
    """Tap while the connection is gone; the page says that it is kept."""
    phone.context.set_offline(True)
    phone.tap(words)
    expect(phone.page.get_by_text(KEPT).first).to_be_visible()


def nothing_waits(phone: Visitor) -> bool:
    """Look whether every tap has been answered, put aside or dropped."""
    return bool(phone.page.evaluate(WAITING) == 0)


def test_a_tap_made_offline_arrives_by_itself_and_closes_the_circle_on_the_other_phone(
    visit: Visits, phone: Visitor, ben: Partner
) -> None:
    his = visit(ben)
    his.open("/")
    his.tap("I said hi")
    his.sees_sign("Your half is there; the half of Ana is open.")
    phone.sees_sign("The half of Ben is there; yours is open.")
    tap_offline(phone)
    expect(phone.control("I said hi")).to_be_hidden()
    expect(phone.page.locator("#main")).to_be_focused()
    expect(phone.page.locator("#notices")).to_be_empty()
    assert Mark.objects.count() == 1
    phone.context.set_offline(False)
    for each in (phone, his):
        each.sees_sign("Both of you did this today.")
    expect(phone.page.locator("main").get_by_text(KEPT)).to_have_count(0)
    assert nothing_waits(phone)


def test_a_tap_whose_answers_are_lost_is_sent_again_and_is_one_mark(phone: Visitor) -> None:
    reached: list[int] = []

    def lose_five(route: Route) -> None:
        answer = route.fetch()
        reached.append(answer.status)
        if len(reached) > REPLAYS:
            route.fulfill(response=answer)
        else:
            route.abort()

    phone.page.route("**/marks/", lose_five)
    phone.tap("I said hi")
    phone.has("a first try", lambda: reached)
    phone.has("an answer", lambda: phone.page.evaluate(TRY_NOW) or nothing_waits(phone))
    phone.sees_sign(MINE)
    assert reached == [200] * (REPLAYS + 1)
    assert Mark.objects.count() == 1


def test_several_taps_go_out_in_their_order_when_the_page_is_opened_again(phone: Visitor) -> None:
    tap_offline(phone)
    phone.tap("I said goodbye")
    expect(phone.page.locator("main").get_by_text(KEPT)).to_have_count(2)
    # The tab goes before the connection is back.
    phone.page.goto("about:blank")
    phone.context.set_offline(False)
    phone.open("/us/")
    phone.has("nothing waits", lambda: nothing_waits(phone))
    # In the order in which they arrived, which the database's clock tells.
    marks = Mark.objects.order_by("marked_at").values_list("moment__ritual__kind", flat=True)
    assert list(marks) == ["greeting", "goodbye"]
    phone.open("/")
    phone.sees_sign(MINE)


def test_a_tap_that_is_no_longer_taken_is_shown_to_its_author(phone: Visitor, ana: Partner) -> None:
    # The page has been open for five days.
    long_ago = ana.couple.today(database_now()) - timedelta(days=5)
    phone.page.eval_on_selector_all(
        "[data-offline] [name=day]",
        f"fields => fields.forEach((field) => {{ field.value = '{long_ago.isoformat()}'; }})",
    )
    tap_offline(phone)
    phone.context.set_offline(False)
    phone.sees("That day is more than three days ago, so it stays as it is.")
    phone.sees("I said hi · ")
    # Whatever comes and goes, it stays until it is put aside.
    phone.tap("On my way")
    phone.sees("You said that you are on your way.")
    phone.open("/us/")
    phone.sees("That day is more than three days ago, so it stays as it is.")
    phone.tap("Put it aside")
    expect(phone.page.locator("#untaken")).to_be_empty()
    phone.open("/")
    expect(phone.page.locator("#untaken")).to_be_empty()
    assert not Mark.objects.exists()
    assert nothing_waits(phone)


def test_a_tap_for_a_ritual_that_has_been_let_go_is_shown_too(phone: Visitor, ben: Partner) -> None:
    tap_offline(phone, "I said goodbye")
    phone.excuse("status of 404")
    end_ritual(ben.couple.rituals.get(kind="goodbye"), by=ben)
    phone.context.set_offline(False)
    phone.sees("It can no longer be marked.")
    phone.tap("Put it aside")
    assert nothing_waits(phone)


def test_taps_replayed_five_times_and_out_of_order_are_one_mark_each(phone: Visitor) -> None:
    tap_offline(phone)
    phone.tap("I said goodbye")
    expect(phone.page.locator("main").get_by_text(KEPT)).to_have_count(2)
    phone.page.route("**/marks/", lambda route: route.abort())
    taps = phone.page.evaluate(TAPS)
    phone.context.set_offline(False)
    token = {"X-CSRFToken": phone.page.evaluate(TOKEN), "HX-Request": "true"}
    for tap in [*taps, *reversed(taps)] * REPLAYS:
        answer = phone.context.request.post(tap["url"], form=tap["fields"], headers=token)
        assert answer.status == 200
    assert Mark.objects.count() == len(taps)
    # The phone has heard of none of it.
    phone.page.unroute("**/marks/")
    phone.open("/us/")
    phone.has("nothing waits", lambda: nothing_waits(phone))
    assert Mark.objects.count() == len(taps)


def test_a_tap_in_a_session_that_has_ended_goes_out_after_signing_in(phone: Visitor) -> None:
    with phone.out_of_earshot():
        Session.objects.all().delete()
        phone.tap("I said hi")
        phone.sees_heading("Welcome back")
        assert phone.page.evaluate(WAITING) == 1
    sign_in_here(phone)
    phone.sees_sign(MINE)
    phone.has("nothing waits", lambda: nothing_waits(phone))
    assert Mark.objects.count() == 1


def test_signing_out_leaves_nothing_of_it_on_the_phone(phone: Visitor) -> None:
    def sign_out() -> None:
        phone.tap("Sign out")
        phone.sees_heading("Say hi first.")

    _kept_over(phone, sign_out)


def test_leaving_quickly_leaves_nothing_of_it_on_the_phone(phone: Visitor) -> None:
    phone.excuse(settings.LEAVE_TO)
    page = "<!doctype html><title>Elsewhere</title><h1>An encyclopaedia</h1>"
    phone.context.route(
        f"{settings.LEAVE_TO}**", lambda route: route.fulfill(body=page, content_type="text/html")
    )

    def leave() -> None:
        phone.tap("Leave quickly")
        phone.sees_heading("An encyclopaedia")
        phone.open("/")

    _kept_over(phone, leave)


def _kept_over(phone: Visitor, go: Callable[[], None]) -> None:
    """Keep a tap that cannot be sent, `go`, and find nothing left."""
    phone.page.route("**/marks/", lambda route: route.abort())
    phone.tap("I said hi")
    expect(phone.page.locator("main").get_by_text(KEPT)).to_be_visible()
    phone.open("/me/")
    assert phone.page.evaluate(WAITING) == 1
    go()
    assert phone.page.evaluate(STORED) == []
    phone.page.unroute("**/marks/")
    assert not Mark.objects.exists()


def test_a_tap_of_somebody_else_is_never_sent(phone: Visitor, ben: Partner) -> None:
    phone.page.route("**/marks/", lambda route: route.abort())
    phone.tap("I said hi")
    expect(phone.page.locator("main").get_by_text(KEPT)).to_be_visible()
    Session.objects.all().delete()
    phone.open("/accounts/login/")
    assert phone.page.evaluate(WAITING) == 1
    phone.page.unroute("**/marks/")
    phone.name = "Ben"
    sign_in_here(phone)
    phone.sees_sign("Both halves are open.")
    assert nothing_waits(phone)
    assert not Mark.objects.exists()


def test_what_is_added_to_a_day_before_is_kept_too(
    phone: Visitor, ana: Partner, ben: Partner
) -> None:
    """The calendar's own tap: kept with its day, and there once it has arrived."""
    RitualSchedule.objects.update(valid_from=ana.couple.today(database_now()) - timedelta(days=9))
    ana.couple.partners.update(joined_at=database_now() - timedelta(days=9))
    phone.open("/rituals/calendar/")
    phone.page.locator("#late summary").click()
    phone.context.set_offline(True)
    phone.page.get_by_role("button", name="I did").first.click()
    phone.sees(KEPT)
    assert not Mark.objects.exists()
    phone.context.set_offline(False)
    phone.has("it has arrived", Mark.objects.exists)
    expect(phone.page.get_by_role("button", name="Take back").first).to_be_visible()
    made = Mark.objects.get()
    assert made.moment.date < ana.couple.today(database_now())
