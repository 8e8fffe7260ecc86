"""Somebody who insists: one way to push for each channel on which words or a call can go."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from couples.clock import database_now
from couples.days import DAY
from couples.models import (
    AgreementRefused,
    ManualEntry,
    ManualRefused,
    Partner,
    ThirdRefused,
)
from couples.naming import NameRefused, rename
from repairs.models import ActRefused, Particulars, Repair
from repairs.terms import Kind
from rituals.appreciations.models import AppreciationRefused
from rituals.asks.flow import Kind as AskKind
from rituals.asks.models.matter import MatterRefused
from rituals.days.models.meeting import MeetingWordRefused
from rituals.meetings.flow import Kind as MeetingKind
from rituals.models import (
    Appreciation,
    AskRefused,
    MarkRefused,
    Matter,
    MeetingRefused,
    MeetingWord,
    RitualRefused,
    add_ritual,
    choose_weekdays,
    end_ritual,
)
from rituals.topics.flow import Kind as TopicKind
from rituals.topics.models.topic import TopicRefused
from tests.factories import (
    act,
    agree,
    begin_meeting,
    decide,
    greeting_of,
    mark,
    name_third,
    propose,
    put_ask,
    raise_topic,
    say,
    share_repair,
    write_manual,
)

REFUSED = (
    ActRefused,
    AgreementRefused,
    AppreciationRefused,
    AskRefused,
    ManualRefused,
    MarkRefused,
    MatterRefused,
    MeetingRefused,
    MeetingWordRefused,
    NameRefused,
    RitualRefused,
    ThirdRefused,
    TopicRefused,
)

Push = Callable[[], object]
"""One more try of somebody who insists; it always has something new to say."""

# --- One way to push for each channel ------------------------------------------------------------


def meeting_word(by: Partner) -> Push:
    turn = count()
    return lambda: MeetingWord.say(by=by, words=f"Where are you {next(turn)}?")


def mark_line(by: Partner) -> Push:
    made, turn = mark(by=by), count()
    return lambda: made.describe(by=by, how="apart", line=f"Answer me {next(turn)}")


def ritual(by: Partner) -> Push:
    turn = count()
    return lambda: add_ritual(by=by, kind="own", name=f"Why {next(turn)}?", weekdays=127)


def ritual_name(by: Partner) -> Push:
    def again() -> None:
        made = add_ritual(by=by, kind="own", name="Why?", weekdays=127)
        end_ritual(made, by=by)

    return again


def ritual_days(by: Partner) -> Push:
    kept, turn, today = greeting_of(by), count(1), by.couple.today(database_now())
    return lambda: choose_weekdays(kept, by=by, weekdays=next(turn), start=today)


def appreciation(by: Partner) -> Push:
    turn = count()
    return lambda: Appreciation.say(f"Thanks {next(turn)}", by=by, client_key=uuid.uuid4())


def question(by: Partner) -> Push:
    turn = count()

    def again() -> None:
        if (number := next(turn)) % 2:
            asked = put_ask(by=by, what=f"May I {number}?")
            say(asked, by=by, kind=AskKind.LET_GO)
        else:
            raised = raise_topic(by=by, words=f"The bins {number}")
            raised.act(TopicKind.LET_GO, by=by, client_key=uuid.uuid4())

    return again


def ask_again(by: Partner) -> Push:
    def again() -> None:
        asked = put_ask(by=by, what="Show me your phone")
        say(asked, by=other(by), kind=AskKind.RATHER_NOT)
        say(asked, by=by, kind=AskKind.LET_GO)

    return again


def ask_words(by: Partner) -> Push:
    asked, turn = put_ask(by=other(by)), count()
    return lambda: say(asked, by=by, kind=AskKind.FINE_IF, words=f"If {next(turn)}")


def matter(by: Partner) -> Push:
    turn = count()

    def again() -> None:
        words = f"Your friends {next(turn)}"
        Matter.add(words, by=by)
        Matter.objects.standing().get().drop(by=by)

    return again


def meeting(by: Partner) -> Push:
    return lambda: begin_meeting(by=by).move(MeetingKind.END, by=by)


def decision(by: Partner) -> Push:
    item, turn = begin_meeting(by=by).items.first(), count()
    assert item is not None
    return lambda: decide(item, by=by, words=f"You come home {next(turn)}").strike(by=by)


def principle(by: Partner) -> Push:
    turn = count()
    return lambda: propose(by=by, wording=f"We say where we are {next(turn)}.", area="privacy")


def principle_again(by: Partner) -> Push:
    kept = agree(by, other(by))

    def again() -> None:
        kept.withdraw(by=other(by))
        kept.sign(by=by)

    return again


def principle_wording(by: Partner) -> Push:
    return lambda: propose(by=by, wording="We share passwords.").withdraw(by=other(by))


def third(by: Partner) -> Push:
    turn = count()
    return lambda: name_third(by=by, sort="other", label=f"Thing {next(turn)}").let_go(by=by)


def third_person(by: Partner) -> Push:
    turn = count()
    return lambda: name_third(by=by, sort="ex", label=f"Sam {next(turn)}").let_go(by=other(by))


def third_name(by: Partner) -> Push:
    return lambda: name_third(by=by, sort="ex", label="Sam").let_go(by=other(by))


def third_principle(by: Partner) -> Push:
    named, kept = name_third(by=by), agree(by, other(by)).agreement
    return lambda: named.keep_principle(None if named.principle else kept, by=by)


def manual(by: Partner) -> Push:
    turn = count()

    def again() -> None:
        text = f"Call me {next(turn)}"
        made = write_manual(by=by, text=text, question="own", sharing="partner")
        made.throw_away()

    return again


def manual_entry(by: Partner) -> Push:
    made, turn = write_manual(by=by, text="Mine", sharing="private"), count()

    def again() -> None:
        entry = ManualEntry.objects.get(pk=made.pk)
        text = f"Call me {next(turn)}"
        entry.rewrite(by=by, text=text, sharing="partner", revision=entry.revision)

    return again


def name(by: Partner) -> Push:
    turn = count()
    return lambda: rename(by.person, f"Call me {next(turn)}")


def repair(by: Partner) -> Push:
    turn = count()

    def again() -> None:
        if next(turn) % 2:
            made = Repair.begin(Kind.SMALL, "Mine", by=by, client_key=uuid.uuid4(), about="Now")
        else:
            made = share_repair(by=by)
        act(made, by=by, kind=Kind.REST)

    return again


def repair_again(by: Partner) -> Push:
    """Each hurt is asked about again on a later day, one after the other."""
    waiting = []
    for days in (8, 7, 6, 5):
        then = database_now() - days * DAY
        made = Repair.draft(by=by, door="i_was_hurt", happened=f"{days}")
        made.invite(by=by, client_key=uuid.uuid4(), now=then)
        made.act(by=other(by), kind=Kind.REST, client_key=uuid.uuid4(), now=then)
        Repair.objects.filter(pk=made.pk).update(resting=True)
        waiting.append(made)

    def again() -> None:
        made = waiting.pop()
        act(made, by=by, kind=Kind.ASK_AGAIN)
        Repair.objects.filter(pk=made.pk).update(resting=True)

    return again


def repair_part(by: Partner) -> Push:
    return lambda: Repair.begin(Kind.SEND, "I was loud", by=by, client_key=uuid.uuid4())


def repair_time(by: Partner) -> Push:
    made, at, turn = share_repair(by=other(by)), database_now() + DAY, count()

    def again() -> None:
        when = Particulars(promised_at=at + timedelta(minutes=next(turn)))
        made.act(by=by, kind=Kind.LATER, client_key=uuid.uuid4(), more=when)

    return again


def repair_return(by: Partner) -> Push:
    made = share_repair(by=other(by))

    def again() -> None:
        act(made, by=by, kind=Kind.REST)
        act(made, by=by, kind=Kind.BACK)

    return again


def repair_step(by: Partner) -> Push:
    made = share_repair(by=other(by))
    act(made, by=by, kind=Kind.NOW)

    def again() -> None:
        act(made, by=by, kind=Kind.IN_PERSON)
        act(made, by=by, kind=Kind.CHANGE)

    return again


PUSHES: dict[str, Callable[[Partner], Push]] = {
    each.__name__: each
    for each in (
        *(meeting_word, mark_line, ritual, ritual_name, ritual_days, appreciation, question),
        *(ask_again, ask_words, matter, meeting, decision, principle, principle_again),
        *(principle_wording, third, third_person, third_name, third_principle, manual),
        *(manual_entry, name, repair, repair_again, repair_part, repair_time, repair_return),
        repair_step,
    )
}
TOLD_BY_ITSELF = {"on_my_way"}
"""Its verb returns that it was said a moment ago, and raises nothing."""


def other(partner: Partner) -> Partner:
    assert partner.other is not None
    return partner.other


def pushed(push: Push) -> int:
    """Return how often it went through before it was refused."""
    for number in range(100):
        try:
            push()
        except REFUSED as refused:
            said = str(refused)
            assert "Your words are kept here" in said or "rests for a while" in said
            return number
    pytest.fail("no brake")
