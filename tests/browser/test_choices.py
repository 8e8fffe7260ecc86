"""Answers that are a choice weigh alike and stand together; what sticks hides nothing of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import ViewportSize

from couples.append_only import retention
from couples.models import Partner
from repairs.models import Repair, RepairAct
from rituals.asks.flow import Kind as AskKind
from rituals.models import Topic
from tests.browser.conftest import SMALL_PHONE, Visits
from tests.browser.scenes import SCENES, play
from tests.browser.visitor import Visitor
from tests.factories import (
    begin_meeting,
    mark,
    name_third,
    propose,
    put_ask,
    raise_topic,
    say,
    share_repair,
)
from tests.therapists.factories import make_therapist, open_link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = [
    SMALL_PHONE,
    ViewportSize(width=390, height=664),
    ViewportSize(width=360, height=640),
]
"""Phones as their browsers leave them: what is read on them is what has to be there."""

WRONG = """
() => {
  const seen = (each) => each.checkVisibility() && !each.closest(".unseen");
  const box = (each) => each.getBoundingClientRect();
  const below = document.querySelector(".bar");
  const bar = below ? box(below).top : innerHeight;
  const controls = "button, a.button, summary, input:not([type=hidden]), textarea, select";
  const sticks = [...document.querySelectorAll("main, main *")].filter(
    (each) => ["sticky", "fixed"].includes(getComputedStyle(each).position) && seen(each));
  const wrong = [];
  const whole = document.documentElement.scrollHeight;
  for (const place of [0, (whole - innerHeight) / 2, whole]) {
    scrollTo(0, place);
    for (const each of sticks) {
      for (const one of [...each.querySelectorAll(controls)].filter(seen))
        if (box(one).bottom > bar + 1) wrong.push(`behind the bar: ${one.textContent.trim()}`);
      for (const field of document.querySelectorAll("main :is(textarea, input, select)"))
        if (!each.contains(field) && seen(field) && box(field).bottom > box(each).top + 1
            && box(field).top < box(each).bottom - 1) wrong.push(`covered: ${field.name}`);
    }
  }
  scrollTo(0, 0);
  const look = (each) => {
    const style = getComputedStyle(each);
    return [style.backgroundColor, style.borderColor, style.fontSize, style.fontWeight].join();
  };
  const choices = Map.groupBy(
    [...document.querySelectorAll("main form button[name]")].filter(seen),
    (each) => each.parentElement);
  for (const answers of choices.values())
    if (new Set(answers.map(look)).size > 1)
      wrong.push(`unlike: ${answers.map((each) => each.textContent.trim())}`);
  return wrong;
}
"""
"""What sticks and hides, at the top, in the middle and at the end; answers that look unlike."""

LOOKS = """
(each) => {
  const { backgroundColor, borderColor, fontSize, fontWeight } = getComputedStyle(each);
  return [backgroundColor, borderColor, fontSize, fontWeight, each.offsetWidth].join();
}
"""

CHOICES = {
    "ask": ["Fine with me", "I would rather not", "Let's talk first", "It would be fine like this"],
    "offered": ["Agreed", "I let it go", "I went ahead", "Offer this"],
    "topic": ["I heard it", "We have dealt with this"],
    "principle": ["I sign this", "Not this one"],
    "therapist": ["I accept this therapist", "No, not with this therapist"],
    "share": ["Yes, there was", "None of that. Invite Ben"],
    "invited-mine": ["Now is good", "A little later"],
    "settling-mine": ["I am here", "Not there yet"],
    "hurt-mine": ["This is what hurt", "Nothing of mine this time", "Not there yet"],
    "saying-back-answering": ["That's it", "Not quite yet"],
    "part-mine": ["This was my part", "I had no part in this one", "Not there yet"],
    "part-revealed-taking-in": ["I can take that in", "Not there yet"],
    "us-mine": ["This is us", "Not there yet"],
    "us-revealed-safe": ["Yes", "Getting there", "Not yet"],
    "mended-holds": ["It holds", "It does not, quite"],
}
"""By place: the answers that weigh alike there, whichever of them somebody gives."""


def on_every_screen(phone: Visitor) -> Iterator[str]:
    """Go through the sizes of a phone, and say what is wrong on each."""
    for screen in SCREENS:
        phone.page.set_viewport_size(screen)
        for wrong in phone.page.evaluate(WRONG):
            yield f"{phone.page.url} at {screen['width']}x{screen['height']}: {wrong}"


def weigh_alike(phone: Visitor, place: str) -> None:
    """The answers of this place look alike, and stand in one column or row."""
    looks = {answer: phone.control(answer).evaluate(LOOKS) for answer in CHOICES[place]}
    assert len(set(looks.values())) == 1, f"{place}: {looks}"


def test_whatever_is_asked_is_answered_by_equals(visit: Visits, ana: Partner, ben: Partner) -> None:
    open_link(make_therapist(name="Dr. Lin"), ana)
    offered = put_ask(by=ana)
    say(offered, by=ben, kind=AskKind.FINE_IF, words="we keep Friday")
    draft = Repair.draft(by=ana, door="i_was_hurt", happened="You left.", how_much=3)
    places = {
        "ask": f"/asks/{put_ask(by=ben).pk}/",
        "offered": f"/asks/{offered.pk}/",
        "topic": f"/topics/{raise_topic(by=ben, about='concern').pk}/",
        "principle": f"/us/principles/{propose(by=ben).agreement_id}/",
        "therapist": "/us/therapist/",
        "share": f"/repairs/{draft.pk}/draft/",
    }
    phone = visit(ana)
    wrong: list[str] = []
    for place, path in places.items():
        phone.open(path)
        weigh_alike(phone, place)
        wrong += on_every_screen(phone)
    assert not wrong


def test_every_question_of_a_repair_is_answered_by_equals(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    phones = {who.pk: visit(who) for who in (ana, ben)}
    wrong: list[str] = []
    for phone in phones.values():
        phone.excuse("404")  # each scene is cleared away before the next
    for name in SCENES:
        scene = play(name, ana, ben)
        phone = phones[scene.viewer.pk]
        phone.open(f"/repairs/{scene.repair.pk}/")
        if name in CHOICES:
            weigh_alike(phone, name)
        wrong += on_every_screen(phone)
        with retention():
            RepairAct.objects.all().delete()
        Repair.objects.all().delete()
    assert not wrong


def test_what_sticks_hides_nothing_on_any_page(visit: Visits, ana: Partner, ben: Partner) -> None:
    share_repair(by=ben)
    topic, third = raise_topic(by=ben, about="concern"), name_third(by=ben, sort="parents")
    mine = Topic.draft(by=ana, about="concern", words="The evenings")
    put_ask(by=ben)
    mark(by=ben)
    begin_meeting(by=ben)
    phone = visit(ana)
    wrong: list[str] = []
    for path in [
        *("/", "/us/", "/me/", "/repairs/", "/repairs/new/", "/repairs/small/", "/asks/"),
        *("/asks/new/", "/asks/matters/", "/topics/", "/topics/new/", f"/topics/{topic.pk}/"),
        *(f"/topics/{mine.pk}/draft/", "/appreciations/", "/us/principles/"),
        *("/us/principles/new/", "/us/principles/shelf/", "/us/thirds/", "/us/thirds/new/"),
        *(f"/us/thirds/{third.pk}/", "/us/felt/", "/us/felt/pulse/", "/me/manual/", "/our-time/"),
        *("/me/reminders/", "/rituals/", "/rituals/new/", "/rituals/days/", "/rituals/rest/"),
        *("/rituals/meeting/", "/rituals/good-days/", "/start/mailbox/", "/start/example/"),
        *("/accounts/email/", "/accounts/password/change/", "/safety/", "/learn/"),
    ]:
        phone.open(path)
        wrong += on_every_screen(phone)
    assert not wrong
