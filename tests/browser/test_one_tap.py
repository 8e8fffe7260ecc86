"""One tap, one answer: what a tap has put under the finger, or under a key, takes none at first."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from couples.models import Partner
from repairs.models import RepairAct
from repairs.terms import Kind
from rituals.models import Approach, Mark, Meeting
from tests.browser import repairing
from tests.browser.conftest import SMALL_PHONE, Visits
from tests.browser.visitor import Visitor
from tests.factories import begin_meeting, mark, name_third, raise_topic
from tests.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MIDDLE = """(control) => {
  control.scrollIntoView({ block: "nearest" });
  const { x, y, width, height } = control.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""
UNDER_WAY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
A_DOUBLE_TAP = 250  # ms
A_MOMENT = 1_000  # ms
SETTLES = 100  # ms; htmx draws at once and settles 20 ms later


def opened(visit: Visits, who: Partner, path: str) -> Visitor:
    """Somebody's phone on a page, whose clock goes on only when the test says so."""
    hers = visit(who, screen=SMALL_PHONE, touch=True)
    hers.page.clock.install()
    hers.open(path)
    hers.page.clock.run_for(2 * A_MOMENT)
    hers.page.clock.pause_at(hers.page.evaluate("Date.now() + 10_000"))
    all_is_quiet(hers.page)
    return hers


def place_of(hers: Visitor, words: str) -> tuple[float, float]:
    """Where the finger comes down for the control with these words."""
    x, y = hers.control(words).first.evaluate(MIDDLE)
    return x, y


def tap_twice(hers: Visitor, words: str, *, then: str) -> None:
    """Tap, and once more at the same place as soon as `then` stands on the page."""
    at = place_of(hers, words)
    hers.page.touchscreen.tap(*at)
    drawn(hers.page, then)
    hers.page.touchscreen.tap(*at)
    all_is_quiet(hers.page)


def drawn(page: Page, words: str) -> None:
    """Wait until the words stand on the page, and the part with them has settled."""

    def stands() -> bool:
        page.clock.run_for(SETTLES)  # an answer that came too late is asked for once more
        return page.get_by_text(words, exact=True).count() > 0

    eventually(stands, within=20, what=f"the page says {words!r}")
    page.clock.run_for(SETTLES)


def all_is_quiet(page: Page) -> None:
    """Wait until nothing is on the way, and all that came listens to taps."""
    page.clock.run_for(A_DOUBLE_TAP)

    def quiet() -> bool:
        page.clock.run_for(SETTLES)
        return page.locator(UNDER_WAY).count() == 0

    eventually(quiet, within=20, what="everything is answered")


def a_moment_later(page: Page) -> None:
    """Let the time go by for which things rest, and whatever came meanwhile."""
    all_is_quiet(page)
    page.clock.run_for(A_MOMENT)
    all_is_quiet(page)


def answers() -> list[str]:
    """What was said about whether it holds, in order."""
    asked = RepairAct.objects.filter(kind__in=(Kind.HOLDS_YES, Kind.HOLDS_NO))
    return list(asked.order_by("number").values_list("kind", flat=True))


def test_a_double_tap_on_an_answer_gives_one(visit: Visits, ana: Partner, ben: Partner) -> None:
    repair = repairing.mended_lately(ana, ben)
    hers = opened(visit, ana, f"/repairs/{repair.pk}/")
    tap_twice(hers, "It holds", then="It does not, quite")
    assert answers() == [Kind.HOLDS_YES]
    # A moment later it can be changed, and again by one tap once.
    a_moment_later(hers.page)
    tap_twice(hers, "It does not, quite", then="It holds after all")
    assert answers() == [Kind.HOLDS_YES, Kind.HOLDS_NO]


@pytest.mark.parametrize("said", ["I said hi", "I said goodbye"])
def test_a_double_tap_on_a_mark_says_nothing_else(
    visit: Visits, ana: Partner, ben: Partner, said: str
) -> None:
    hers = opened(visit, ana, "/")
    tap_twice(hers, said, then="We were apart")
    assert [each.how for each in Mark.objects.all()] == ["in_person"]
    assert not Approach.objects.exists()


def test_a_double_tap_on_next_goes_one_step(visit: Visits, ana: Partner, ben: Partner) -> None:
    for words in ("The bins", "The rent"):
        raise_topic(by=ben, words=words)
    meeting = begin_meeting(by=ana)
    hers = opened(visit, ana, "/our-time/")
    second = Meeting.objects.get(pk=meeting.pk).items.count()
    tap_twice(hers, "Next", then=f"2 of {second}")
    expect(hers.page.get_by_text(f"2 of {second}", exact=True)).to_be_attached()
    a_moment_later(hers.page)
    hers.tap("Next")
    drawn(hers.page, f"3 of {second}")


def test_a_double_tap_about_a_third_says_one_thing(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    third = name_third(by=ana)
    hers = opened(visit, ana, f"/us/thirds/{third.pk}/")
    tap_twice(hers, "We came first (Work)", then="Yours alone, for today.")
    assert [each.came for each in third.moments.all()] == ["we"]


def test_what_the_others_act_has_put_under_the_finger_takes_no_tap_at_first(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    """Ben is on the way while Ana's finger is, too: the page moves under it."""
    hers = opened(visit, ana, "/")
    before = place_of(hers, "I said goodbye")
    Approach.tell(by=ben, kind="on_my_way")
    drawn(hers.page, "Ben is on the way.")
    hers.page.touchscreen.tap(*before)
    hers.page.touchscreen.tap(*place_of(hers, "I said goodbye"))
    all_is_quiet(hers.page)
    assert not Mark.objects.exists()
    a_moment_later(hers.page)
    hers.page.touchscreen.tap(*place_of(hers, "I said goodbye"))
    drawn(hers.page, "We were apart")
    assert Mark.objects.count() == 1


def test_what_stands_where_it_stood_takes_a_tap_at_once(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    hers = opened(visit, ana, "/")
    with hers.page.expect_response(f"{hers.site.url}/"):
        hers.page.evaluate("htmx.trigger(document.body, 'live:today')")
    all_is_quiet(hers.page)
    expect(hers.page.locator(".rests")).to_have_count(0)
    hers.page.touchscreen.tap(*place_of(hers, "I said hi"))
    drawn(hers.page, "We were apart")


def test_a_key_held_down_or_pressed_twice_is_one_answer(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    for words in ("The bins", "The rent"):
        raise_topic(by=ben, words=words)
    items = begin_meeting(by=ana).items.count()
    hers = opened(visit, ana, "/our-time/")
    hers.control("Next").focus()
    for _repeat in range(3):
        hers.page.keyboard.down("Enter")
    drawn(hers.page, f"2 of {items}")
    hers.page.keyboard.down("Enter")
    hers.page.keyboard.up("Enter")
    hers.control("Next").focus()
    hers.page.keyboard.press("Enter")
    all_is_quiet(hers.page)
    expect(hers.page.get_by_text(f"2 of {items}", exact=True)).to_be_attached()


def test_leaving_and_the_way_to_safety_never_rest(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    repair = repairing.at_hurt(ana, ben)
    hers = opened(visit, ana, f"/repairs/{repair.pk}/")
    hers.tap("Nothing of mine this time")
    drawn(hers.page, "Let me change mine")
    expect(hers.control("Let me change mine")).to_have_css("pointer-events", "none")
    for words in ("I don't feel safe doing this", "Leave quickly", "If you don't feel safe"):
        expect(hers.control(words)).to_have_css("pointer-events", "auto")
    hers.tap("I don't feel safe doing this")
    hers.page.wait_for_url("**/safety/")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_page_that_a_tap_has_opened_takes_no_tap_at_first(
    visit: Visits, ana: Partner, ben: Partner, scripts: bool
) -> None:
    """Whatever stood under the finger on the page before, an answer of the new one has to wait."""
    topic = raise_topic(by=ben)
    mark(by=ana)
    hers = visit(ana, screen=SMALL_PHONE, touch=True, scripts=scripts)
    # Time stands still for what this page begins with.
    stilled = hers.context.new_cdp_session(hers.page)
    stilled.send("Animation.enable")
    hers.open("/")
    expect(hers.control("On my way")).to_have_css("pointer-events", "auto")
    stilled.send("Animation.setPlaybackRate", {"playbackRate": 0})
    hers.control("I heard it").dispatch_event("click")
    hers.page.wait_for_url(f"**/topics/{topic.pk}/")
    expect(hers.control("We have dealt with this")).to_have_css("pointer-events", "none")
    expect(hers.control("Leave quickly")).to_have_css("pointer-events", "auto")
    stilled.send("Animation.setPlaybackRate", {"playbackRate": 100})
    expect(hers.control("We have dealt with this")).to_have_css("pointer-events", "auto")
    hers.tap("We have dealt with this")
    hers.sees("dealt with")
