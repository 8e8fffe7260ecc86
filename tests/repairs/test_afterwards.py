"""After it was mended: whether it holds, words taken back or fading, what rests by itself."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

import pytest

from couples.clock import database_now
from couples.days import DAY
from couples.models import Couple, Partner
from repairs.models import ActRefused, Particulars, Repair, RepairAct
from repairs.models.fading import sweep
from repairs.terms import Kind, Stage
from tests.conftest import ClientOf
from tests.factories import share_repair
from tests.repairs.pages import steady

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
OPENING, HURT, US = "what-a-camera-saw", "what-hurt-her", "what-they-are-to-him"


def do(
    repair: Repair,
    by: Partner,
    kind: Kind,
    words: str | None = None,
    *,
    now: datetime | None = None,
    about: int | None = None,
) -> None:
    repair.act(
        by=by,
        kind=kind,
        client_key=uuid.uuid4(),
        words=words,
        more=Particulars(about=about),
        now=now,
    )


@pytest.fixture
def mended(ana: Partner, ben: Partner) -> Repair:
    """A repair with words of both, mended three days ago."""
    then = database_now() - 3 * DAY
    repair = Repair.draft(by=ana, door="i_was_hurt", happened=OPENING, how_much=3)
    repair.invite(by=ana, client_key=uuid.uuid4(), now=then)
    steps = [
        *((ben, Kind.NOW, None), (ana, Kind.SETTLED, None), (ben, Kind.SETTLED, None)),
        *((ana, Kind.HURT, HURT), (ben, Kind.NO_HURT, None), (ben, Kind.ECHO, "alone")),
        *((ana, Kind.THATS_IT, None), (ana, Kind.NO_PART, None), (ben, Kind.NO_PART, None)),
        *((ana, Kind.US, "home"), (ben, Kind.US, US)),
        *((ana, Kind.SAFE_YES, None), (ben, Kind.SAFE_YES, None)),
    ]
    for by, kind, words in steps:
        do(repair, by, kind, words, now=then)
    return repair


@pytest.fixture
def held(ana: Partner, ben: Partner, mended: Repair) -> Repair:
    for each in (ana, ben):
        do(mended, each, Kind.HOLDS_YES)
    return mended


def page(client_of: ClientOf, who: Partner, repair: Repair) -> str:
    return client_of(who).get(f"/repairs/{repair.pk}/", headers=HTMX).content.decode()


def number_of(repair: Repair, kind: Kind, by: Partner) -> int:
    return RepairAct.objects.get(repair=repair, kind=kind, author=by).number


# --- Whether it holds ----------------------------------------------------------------------------


def test_how_one_answered_changes_no_byte_and_no_event_of_the_other(
    ana: Partner,
    ben: Partner,
    mended: Repair,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []

    def note(couple: Couple, *_names: str, to: list[Partner] | None = None) -> None:
        told.extend(who.name for who in (couple.together if to is None else to))

    monkeypatch.setattr(Couple, "publish", note)
    theirs = client_of(ben)

    def seen() -> list[str]:
        paths = ("/", "/us/", "/repairs/", f"/repairs/{mended.pk}/", "/repairs/over-time/")
        return [steady(theirs.get(path).content.decode()) for path in paths]

    before = seen()
    for kind in (Kind.HOLDS_NO, Kind.HOLDS_YES, Kind.HOLDS_NO):
        do(mended, ana, kind)
        assert seen() == before
    assert set(told) == {"Ana"}


def test_today_asks_each_who_has_not_said(
    ana: Partner, ben: Partner, mended: Repair, client_of: ClientOf
) -> None:
    do(mended, ana, Kind.HOLDS_NO)
    assert "Does it hold?" not in client_of(ana).get("/").content.decode()
    assert "Does it hold?" in client_of(ben).get("/").content.decode()


def test_a_no_lets_its_author_alone_reopen_it(
    ana: Partner, ben: Partner, mended: Repair, client_of: ClientOf
) -> None:
    do(mended, ana, Kind.HOLDS_NO)
    assert "Come back to it together" in page(client_of, ana, mended)
    assert "Come back to it together" not in page(client_of, ben, mended)
    with pytest.raises(ActRefused):
        do(mended, ben, Kind.REOPEN)
    do(mended, ana, Kind.REOPEN)
    assert Repair.objects.get(pk=mended.pk).stage == Stage.SETTLING
    assert Repair.objects.get(pk=mended.pk).mended_on is None


def test_one_cannot_be_reopened_beside_another_that_is_under_way(
    ana: Partner, ben: Partner, mended: Repair
) -> None:
    share_repair(by=ben)
    do(mended, ana, Kind.HOLDS_NO)
    with pytest.raises(ActRefused, match="One at a time"):
        do(mended, ana, Kind.REOPEN)


def test_two_yes_make_it_held(held: Repair, ana: Partner, client_of: ClientOf) -> None:
    found = Repair.objects.get(pk=held.pk)
    assert (found.stage, found.held_on) == (Stage.HELD, ana.couple.today(database_now()))
    assert "it holds" in page(client_of, ana, held)
    assert "It held." in client_of(ana).get("/repairs/over-time/").content.decode()


# --- Words taken back ----------------------------------------------------------------------------


def test_words_taken_back_are_gone_for_both_and_from_the_database(
    ana: Partner, ben: Partner, mended: Repair, client_of: ClientOf
) -> None:
    do(mended, ana, Kind.UNSAY, about=number_of(mended, Kind.HURT, ana))
    for who in (ana, ben):
        shown = page(client_of, who, mended)
        assert HURT not in shown
        assert "unsaid" in shown
    assert RepairAct.objects.get(repair=mended, kind=Kind.HURT).words is None
    assert RepairAct.objects.filter(repair=mended, kind=Kind.US, words__isnull=False).count() == 2


def test_what_happened_can_be_taken_back_by_whoever_wrote_it(
    ana: Partner, ben: Partner, mended: Repair, client_of: ClientOf
) -> None:
    with pytest.raises(ActRefused):
        do(mended, ben, Kind.UNSAY, about=1)
    do(mended, ana, Kind.UNSAY, about=1)
    found = Repair.objects.get(pk=mended.pk)
    assert (found.happened, found.how_much) == (None, None)
    assert OPENING not in page(client_of, ben, mended)


def test_nobody_takes_back_the_words_of_the_other(
    ben: Partner, ana: Partner, mended: Repair
) -> None:
    with pytest.raises(ActRefused):
        do(mended, ben, Kind.UNSAY, about=number_of(mended, Kind.HURT, ana))
    with pytest.raises(ActRefused):
        do(mended, ben, Kind.UNSAY, about=None)
    assert RepairAct.objects.get(repair=mended, kind=Kind.HURT).words == HURT


# --- What time does ------------------------------------------------------------------------------


def words_of(repair: Repair) -> int:
    return RepairAct.objects.filter(repair=repair, words__isnull=False).count()


def test_the_words_of_a_held_repair_fade_after_ninety_days_and_the_facts_stay(
    held: Repair, ana: Partner, client_of: ClientOf
) -> None:
    sweep(now=database_now() + 89 * DAY)
    assert words_of(held)
    sweep(now=database_now() + 92 * DAY)
    assert not words_of(held)
    found = Repair.objects.get(pk=held.pk)
    assert (found.happened, found.stage) == (None, Stage.HELD)
    assert found.faded_on is not None
    shown = page(client_of, ana, held)
    assert "faded" in shown
    assert "Take back" not in shown
    assert OPENING not in shown


def test_words_fade_by_the_couples_own_date_however_far_behind_it_is(held: Repair) -> None:
    """In Los Angeles, with days from 18:00, a date begins two of UTC's later."""
    Couple.objects.update(day_zone="America/Los_Angeles", day_start=time(18))
    day = Repair.objects.get(pk=held.pk).fades_on
    assert day is not None
    begins = Couple.objects.get(pk=held.couple_id).begins(day)
    sweep(now=begins - timedelta(minutes=1))
    assert words_of(held)
    sweep(now=begins + timedelta(minutes=1))
    assert not words_of(held)


def test_words_that_both_keep_stay_and_what_one_keeps_alone_does_not(
    ana: Partner, ben: Partner, held: Repair, client_of: ClientOf
) -> None:
    before = steady(page(client_of, ben, held))
    do(held, ana, Kind.KEEP)
    assert steady(page(client_of, ben, held)) == before
    do(held, ben, Kind.KEEP)
    sweep(now=database_now() + 400 * DAY)
    assert words_of(held)
    do(held, ana, Kind.LET_FADE)
    sweep(now=database_now() + 400 * DAY)
    assert not words_of(held)


def test_what_is_mended_and_not_held_keeps_its_words(mended: Repair) -> None:
    sweep(now=database_now() + 400 * DAY)
    assert words_of(mended)


def test_untouched_for_thirty_days_it_rests_and_either_goes_on(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = share_repair(by=ana)
    sweep(now=database_now() + timedelta(days=29))
    assert not Repair.objects.get(pk=repair.pk).resting
    sweep(now=database_now() + timedelta(days=31))
    assert Repair.objects.get(pk=repair.pk).resting
    for who in (ana, ben):
        assert "has been resting for a while" in page(client_of, who, repair)
    do(repair, ben, Kind.NOW)
    assert not Repair.objects.get(pk=repair.pk).resting


def test_what_rests_by_itself_goes_on_only_when_nothing_else_is_under_way(
    ana: Partner, ben: Partner
) -> None:
    repair = share_repair(by=ana)
    sweep(now=database_now() + timedelta(days=31))
    share_repair(by=ben)
    with pytest.raises(ActRefused, match="One at a time"):
        do(repair, ben, Kind.NOW)
