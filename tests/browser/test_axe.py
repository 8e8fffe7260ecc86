"""axe finds nothing to object to, in light and in dark."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from couples.models import Partner
from repairs.terms import Kind
from rituals.asks.flow import Kind as AskKind
from rituals.meetings.flow import Kind as Move
from rituals.models import Appreciation
from tests.browser.conftest import LAPTOP, Visits
from tests.browser.test_without import fits
from tests.browser.visitor import Visitor
from tests.factories import (
    act,
    agree,
    answer_week,
    begin_meeting,
    crowd_in,
    decide,
    greeting_of,
    mark,
    name_third,
    propose,
    put_ask,
    raise_topic,
    rest,
    say,
    share_repair,
    write_manual,
)
from tests.sheets import offer
from tests.therapists.factories import (
    CASELOAD_SCOPES,
    consent,
    link_that_shows,
    make_therapist,
    take,
)
from therapists.models import Scope

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
Scheme = Literal["light", "dark"]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@SCHEMES
def test_pages_for_strangers(visit: Visits, scheme: Scheme) -> None:
    stranger = visit("Ida", scheme=scheme)
    paths = [
        "/welcome/",
        "/accounts/signup/",
        "/accounts/login/",
        "/accounts/login/code/",
        "/safety/",
        "/learn/",
        "/learn/repair/",
    ]
    for path in paths:
        stranger.open(path)
        is_clean(stranger)
    stranger.open("/accounts/login/")
    stranger.write("Email", "ida@example.com")
    stranger.write("Password", "not the one")
    stranger.tap("Sign in")
    stranger.sees("don't belong together")
    is_clean(stranger)


@SCHEMES
def test_pages_of_a_couple(visit: Visits, ana: Partner, ben: Partner, scheme: Scheme) -> None:
    mark(by=ben)
    share_repair(by=ben)
    phone = visit(ana, scheme=scheme)
    for path in [
        "/",
        "/repairs/",
        "/repairs/new/",
        "/us/",
        "/us/therapist/",
        "/me/",
        "/me/reminders/",
        "/rituals/",
    ]:
        phone.open(path)
        is_clean(phone)


def at_the_end(phone: Visitor) -> bool:
    """Go there, and look whether what was unfolded meanwhile has moved the end."""
    phone.page.keyboard.press("End")
    down = "scrollY + innerHeight >= document.documentElement.scrollHeight - 1"
    return bool(phone.page.evaluate(down))


@SCHEMES
def test_day_one_and_practice_for_one(
    visit: Visits, ana: Partner, ben: Partner, scheme: Scheme
) -> None:
    Partner.objects.filter(pk=ben.pk).update(active_on=date(2026, 1, 1))
    phone = visit(ana, scheme=scheme)
    for path in ["/start/mailbox/", "/start/example/", "/", "/us/"]:
        phone.open(path)
        for fold in phone.page.locator("main summary").all():
            fold.click()
        # At its end nothing lies half under the main action.
        phone.has("the end of the page", lambda: at_the_end(phone))
        is_clean(phone)


@SCHEMES
def test_principles(visit: Visits, ana: Partner, ben: Partner, scheme: Scheme) -> None:
    agree(ana, ben)
    touchy = propose(by=ben, wording="We share our passwords.")
    agreement = f"/us/principles/{touchy.agreement_id}/"
    phone = visit(ana, scheme=scheme)
    for path in ["/us/", "/us/principles/", "/us/principles/shelf/", "/us/principles/new/"]:
        phone.open(path)
        is_clean(phone)
    for path in [agreement, f"{agreement}wordings/", f"{agreement}history/"]:
        phone.open(path)
        is_clean(phone)


@SCHEMES
def test_everyday_pages(visit: Visits, ana: Partner, ben: Partner, scheme: Scheme) -> None:
    ask = put_ask(by=ben)
    say(ask, by=ana, kind=AskKind.FINE_IF, words="If we have Wednesday.")
    topic = raise_topic(by=ben)
    Appreciation.say("You put the kettle on.", by=ben, client_key=uuid.uuid4())
    entry = write_manual(by=ana, text="I go quiet.")
    write_manual(by=ben, text="I hum.", sharing="partner")
    made = mark(by=ana)
    rest(by=ana)
    phone = visit(ana, scheme=scheme)
    for path in [
        "/asks/",
        "/asks/new/",
        "/asks/matters/",
        f"/asks/{ask.pk}/",
        "/topics/",
        f"/topics/{topic.pk}/",
        "/appreciations/",
        "/me/manual/",
        "/us/manual/",
        f"/me/manual/{entry.pk}/",
        "/me/practice/",
        f"/rituals/marks/{made.pk}/",
        f"/rituals/{greeting_of(ana).pk}/",
        "/rituals/new/",
        "/rituals/calendar/",
        "/rituals/days/",
        "/rituals/meeting/",
        "/rituals/good-days/",
        "/rituals/rest/",
    ]:
        phone.open(path)
        is_clean(phone)


@SCHEMES
def test_thirds(visit: Visits, ana: Partner, ben: Partner, scheme: Scheme) -> None:
    third, asked = name_third(by=ana), name_third(by=ben, sort="parents")
    crowd_in(third, by=ben)
    phone = visit(ana, scheme=scheme)
    for path in ["", "new/", "new/?sort=screens", "let-go/", f"{third.pk}/", f"{asked.pk}/"]:
        phone.open(f"/us/thirds/{path}")
        is_clean(phone)


@SCHEMES
def test_our_time(visit: Visits, ana: Partner, ben: Partner, scheme: Scheme) -> None:
    raise_topic(by=ben)
    phone = visit(ana, scheme=scheme)
    phone.open("/our-time/")
    is_clean(phone)
    meeting = begin_meeting(by=ben)
    decide(meeting.items.select_related("meeting").get(kind="topic"), by=ben)
    for answers in range(3):
        phone.open("/our-time/")
        is_clean(phone)
        meeting.move(Move.NEXT, by=ben, answers=answers)
    phone.open("/our-time/")
    is_clean(phone)
    meeting.move(Move.END, by=ben)
    for path in ["/our-time/", "/our-time/past/"]:
        phone.open(path)
        phone.tap("Make something of it")
        is_clean(phone)


@SCHEMES
def test_felt_security(visit: Visits, ana: Partner, ben: Partner, scheme: Scheme) -> None:
    offer()
    phone = visit(ana, scheme=scheme)
    for path in ["/us/felt/", "/us/felt/pulse/", "/us/felt/weeks/", "/us/felt/csi-4/"]:
        phone.open(path)
        is_clean(phone)
    for who in (ana, ben):
        answer_week(by=who, shared=True)
        answer_week(by=who, weeks_ago=1, shared=who is ana)
    for path in ["/us/felt/", "/us/felt/weeks/"]:
        phone.open(path)
        is_clean(phone)
    phone.open("/us/felt/")
    phone.tap("The same as a table")
    is_clean(phone)


@SCHEMES
def test_the_room_of_a_repair(visit: Visits, ana: Partner, ben: Partner, scheme: Scheme) -> None:
    repair = share_repair(by=ben)
    phone = visit(ana, scheme=scheme)
    phone.open(f"/repairs/{repair.pk}/")
    is_clean(phone)
    act(repair, by=ana, kind=Kind.NOW)
    for each in (ana, ben):
        act(repair, by=each, kind=Kind.SETTLED)
    phone.sees_heading("What hurt?")
    is_clean(phone)
    act(repair, by=ben, kind=Kind.HURT, words="I felt left alone.")
    act(repair, by=ana, kind=Kind.HURT, words="I felt pushed away.")
    phone.sees_heading("Say back what you heard")
    is_clean(phone)


@SCHEMES
def test_a_hint_while_a_part_is_written(
    visit: Visits, ana: Partner, ben: Partner, scheme: Scheme
) -> None:
    repair = share_repair(by=ben)
    act(repair, by=ana, kind=Kind.NOW)
    for kind in (Kind.SETTLED, Kind.NO_HURT):
        for each in (ana, ben):
            act(repair, by=each, kind=kind)
    phone = visit(ana, scheme=scheme)
    phone.open(f"/repairs/{repair.pk}/")
    phone.field("My part").press_sequentially("It is all my fault.")
    phone.sees("All of it at once is a lot to carry.")
    is_clean(phone)


@SCHEMES
def test_a_therapists_desk(visit: Visits, ana: Partner, ben: Partner, scheme: Scheme) -> None:
    lin = make_therapist(name="Dr. Lin")
    link = link_that_shows(lin, ana, ben)
    for each in (ana, ben):
        consent(link, each, CASELOAD_SCOPES)
    write_manual(by=ana, text="I go quiet.", sharing="therapist")
    write_manual(by=ana, question="helps", text="A hand on my back.", sharing="therapist")
    take(ben).show(by=ben)
    share_repair(by=ana)
    laptop = visit(lin, screen=LAPTOP, scheme=scheme)
    desk = ("", "invitations/", "application/", "sharing/", f"couples/{link.pk}/")
    for path in desk:
        laptop.open(f"/practice/{path}")
        is_clean(laptop)
        fits(laptop)
        laptop.keep_picture(f"desk-{path.split('/')[0] or 'practice'}-{scheme}")
    link.consents.get(scope=Scope.MANUAL, partner=ben).withdraw(by=ben)
    laptop.open(f"/practice/couples/{link.pk}/")
    laptop.sees("not shared")
    is_clean(laptop)


@SCHEMES
def test_a_result_and_whether_it_is_shown(
    visit: Visits, ana: Partner, ben: Partner, scheme: Scheme
) -> None:
    link_that_shows(make_therapist(name="Dr. Lin"), ana, ben)
    take(ana)
    phone = visit(ana, scheme=scheme)
    phone.open("/us/felt/csi-4/")
    for tap, said in (
        ("Show it to Dr. Lin", "Dr. Lin may read this one."),
        ("Hide it from Dr. Lin", "Not shown any more."),
    ):
        is_clean(phone)
        fits(phone)
        phone.keep_picture(f"result-{tap.split()[0].lower()}-{scheme}")
        phone.tap(tap)
        phone.sees(said)


def is_clean(visitor: Visitor) -> None:
    """Run axe on the page as it stands."""
    found = Axe().run(visitor.page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert found.violations_count == 0, f"{visitor.page.url}\n{found.generate_report()}"
