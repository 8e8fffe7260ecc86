"""Rows 12 to 14: two who act in one instant, taps that come again and again, a stream cut off."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta

from django.utils.html import escape

from couples.clock import database_now
from repairs.models import RepairAct
from repairs.terms import Kind as RepairKind
from rituals.models import Ask, AskAct, Mark
from tests.at_once import at_once
from tests.factories import act, fresh, put_ask, share_repair
from tests.faults import everyday
from tests.faults.everyday import Site, make_two, site, taps_of
from tests.faults.ground import Ground
from tests.faults.phone import Answer, LivePage, Phone, Tap
from tests.faults.registry import Run, Tally
from tests.waiting import eventually

TIMES = 5
CATCHES_UP = 60.0  # seconds; the machine may be busy


@contextmanager
def both_in_one_instant(ground: Ground) -> Iterator[Run]:
    """Row 12: one order; both acts are kept, or one is refused with what stands now."""
    with ExitStack() as stack:
        port = site(ground, stack).port

        def once(_chance: random.Random) -> Tally:
            pair = make_two()
            phones = [Phone(port, partner) for partner in pair]
            return _both_mark(phones) + _both_speak(phones) + _both_write(phones)

        yield once


def _answers(*calls: Callable[[], Answer]) -> list[Answer]:
    """Let all ask at once; return their answers."""
    answers = at_once(*calls)
    return [each if isinstance(each, Answer) else Answer(0) for each in answers]


def _both_mark(phones: list[Phone]) -> Tally:
    taps = [taps_of(phone.partner)[0] for phone in phones]
    calls = [lambda p=p, t=t: p.tap(t) for p, t in zip(phones, taps, strict=True)]
    failed = sum(not each.decided or bool(each.problem) for each in _answers(*calls))
    tally = everyday.judge({tap.key for tap in taps})
    closed = Mark.objects.filter(client_key__in=[tap.key for tap in taps], moment__closed=True)
    return tally + Tally(lost=failed + 2 - closed.count())


def _both_speak(phones: list[Phone]) -> Tally:
    """One answers in words while the other changes the question: whoever is later is told so."""
    ask = put_ask(by=phones[0].partner)
    put_ask_answer(ask, phones[1], "rather_not")
    ask.refresh_from_db()
    said = {"counter": "What about an hour?", "fine_if": "Fine, if you are home by nine."}
    nouns = {"counter": "counters", "fine_if": "answers"}
    calls = [
        lambda p=p, k=k, w=w: p.ask(
            f"/asks/{ask.pk}/{nouns[k]}/", _step(ask, kind=k, words=w), htmx=False
        )
        for p, (k, w) in zip(phones, said.items(), strict=True)
    ]
    answers = _answers(*calls)
    kept = [each.words for each in AskAct.objects.filter(ask=ask)]
    lost = [
        words
        for words, answer in zip(said.values(), answers, strict=True)
        if words not in kept and not (answer.status == 422 and escape(words) in answer.body)
    ]
    numbers = list(AskAct.objects.filter(ask=ask).values_list("number", flat=True))
    return Tally(lost=len(lost), doubled=len(numbers) - len(set(numbers)))


def put_ask_answer(ask: Ask, phone: Phone, kind: str) -> None:
    """Answer an ask as a tap would."""
    phone.ask(f"/asks/{ask.pk}/answers/", _step(ask, kind=kind))


def _step(ask: Ask, *, kind: str, words: str = "") -> dict[str, str]:
    key = str(uuid.uuid4())
    return {"kind": kind, "client_key": key, "answers": str(ask.latest), "words": words}


def _both_write(phones: list[Phone]) -> Tally:
    """Both write down what hurt, in one instant and on two connections."""
    mine, other = (phone.partner for phone in phones)
    repair = share_repair(by=mine)
    act(repair, by=other, kind=RepairKind.NOW)
    for who in (mine, other):
        act(repair, by=who, kind=RepairKind.SETTLED)
    hands = [(type(repair).objects.get(pk=repair.pk), fresh(who)) for who in (mine, other)]
    calls = [
        lambda r=r, w=w: act(r, by=w, kind=RepairKind.HURT, words=f"by {w.seat}") for r, w in hands
    ]
    at_once(*calls)
    hurts = RepairAct.objects.filter(repair=repair, kind=RepairKind.HURT)
    kept = sorted(each.words or "" for each in hurts)
    return Tally(lost=max(0, 2 - len(set(kept))), doubled=len(kept) - len(set(kept)))


@contextmanager
def replayed_out_of_order(ground: Ground) -> Iterator[Run]:
    """Row 13: five times and in any order: one mark a key, and who is refused is told so."""
    with ExitStack() as stack:
        port = site(ground, stack).port

        def once(chance: random.Random) -> Tally:
            phones = [Phone(port, partner) for partner in make_two()]
            good = [(phone, tap) for phone in phones for tap in taps_of(phone.partner)]
            bad = [(phone, _too_late(phone)) for phone in phones]
            every = [*good, *bad] * TIMES
            chance.shuffle(every)
            hands = at_once(*[_sends(every[hand::4]) for hand in range(4)])
            answers = [each for hand in hands if isinstance(hand, dict) for each in hand.items()]
            lost = sum(isinstance(hand, Exception) for hand in hands)
            refused = {tap.key for _phone, tap in bad}
            # Every single answer is the right one: taken, or refused in words.
            wrong = [key for (key, _), told in answers if bool(told.problem) != (key in refused)]
            late = Mark.objects.filter(client_key__in=refused).count()
            judged = everyday.judge({tap.key for _phone, tap in good})
            back = _comes_back(*chance.choice(good))
            return judged + Tally(lost=lost + len(wrong), doubled=late + back)

        yield once


def _comes_back(phone: Phone, tap: Tap) -> int:
    """Take a mark back and let its tap arrive once more; 1 when it stands again."""
    mark = Mark.objects.get(client_key=tap.key)
    mark.take_back(by=phone.partner)
    phone.tap(tap)
    again = Mark.objects.standing().filter(moment=mark.moment, partner=phone.partner)
    return again.count()


def _too_late(phone: Phone) -> Tap:
    tap = taps_of(phone.partner)[0]
    return replace(tap, day=tap.day - timedelta(days=5), key=uuid.uuid4())


def _sends(taps: list[tuple[Phone, Tap]]) -> Callable[[], dict[tuple[uuid.UUID, int], Answer]]:
    """Return what sends these one after the other."""
    return lambda: {
        (tap.key, number): phone.tap_until_answered(tap, threading.Event())
        for number, (phone, tap) in enumerate(taps)
    }


@contextmanager
def stream_cut(ground: Ground) -> Iterator[Run]:
    """Row 14: once the stream is back, the screen shows what is true."""
    with ExitStack() as stack:
        at = site(ground, stack)

        def once(chance: random.Random) -> Tally:
            nonlocal at
            mine, other = (Phone(at.port, partner) for partner in make_two())
            with closing(LivePage(other)) as page:
                eventually(lambda: page.openings, within=CATCHES_UP, what="the stream is open")
                lost = 0
                today = mine.partner.couple.today(database_now())
                for tap in [tap for tap in taps_of(mine.partner) if tap.day == today]:
                    lost += _stale_after_cut(page, mine, tap, chance)
                if chance.random() < 0.25:
                    at = _server_killed(ground, stack, at)
                    lost += _is_stale(page, other)
            return Tally(lost=lost)

        yield once


def _stale_after_cut(page: LivePage, mine: Phone, tap: Tap, chance: random.Random) -> int:
    """Cut the stream before, after, or in the very instant of the other's tap; 1 when stale."""
    before, openings = page.shown, page.openings
    acts: list[Callable[[], object]] = [page.cut, lambda: mine.tap(tap)]
    match chance.randrange(3):
        case 0:
            at_once(*acts)
        case 1:
            for each in acts:
                each()
        case _:
            for each in acts[::-1]:
                each()
    eventually(lambda: page.openings > openings, within=CATCHES_UP, what="the stream is back")
    return _is_stale(page, page.phone) or int(page.shown == before)


def _is_stale(page: LivePage, phone: Phone) -> int:
    try:
        eventually(lambda: page.shown == phone.board() != "", within=CATCHES_UP, what="up to date")
    except AssertionError:
        return 1
    return 0


def _server_killed(ground: Ground, stack: ExitStack, at: Site) -> Site:
    """Kill the site and start it again at the same place."""
    at.process.kill()
    return site(ground, stack, port=at.port)
