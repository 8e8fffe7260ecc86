"""Reminder times: one standing promise a ritual and partner, the next wanted one."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

from couples.delivery.models.reminder import Outcome
from couples.models import Partner, Reminder
from rituals.days.reminders import RitualReminders
from rituals.models import Mark, ReminderTime
from tests.conftest import ClientOf
from tests.factories import greeting_of

NOON = datetime(2026, 12, 1, 11, tzinfo=UTC)  # 12:00 in Berlin


def plan_for(partner: Partner, at: time | None, *, now: datetime = NOON) -> None:
    ritual = greeting_of(partner)
    ritual.schedules.update(valid_from=date(2026, 1, 1))
    ReminderTime.keep(ritual=greeting_of(partner), by=partner, at=at, now=now)


def standing() -> list[tuple[str, datetime]]:
    """Ana's; the other is reminded of the greeting as well, as both are from the start."""
    hers = Reminder.objects.standing().filter(person__email="ana@example.com")
    return list(hers.values_list("occasion", "due_at"))


def hers_of(ana: Partner) -> Reminder:
    return Reminder.objects.standing().get(person=ana.person)


def test_a_time_still_to_come_today_is_promised_for_today(ana: Partner) -> None:
    plan_for(ana, time(18, 30))
    assert standing() == [("2026-12-01", datetime(2026, 12, 1, 17, 30, tzinfo=UTC))]


def test_a_time_already_past_is_promised_for_tomorrow(ana: Partner) -> None:
    plan_for(ana, time(7))
    assert [occasion for occasion, _due in standing()] == ["2026-12-02"]


def test_changing_the_time_moves_the_promise(ana: Partner) -> None:
    plan_for(ana, time(18, 30))
    plan_for(ana, time(19))
    assert standing() == [("2026-12-01", datetime(2026, 12, 1, 18, 0, tzinfo=UTC))]


def test_no_time_means_no_promise(ana: Partner) -> None:
    plan_for(ana, time(18, 30))
    plan_for(ana, None)
    assert standing() == []


def test_a_changed_time_after_todays_was_sent_sends_nothing_again_today(ana: Partner) -> None:
    plan_for(ana, time(18, 30))
    Reminder.objects.standing().update(settled_at=NOON, outcome=Outcome.SENT)
    plan_for(ana, time(20))
    assert [occasion for occasion, _due in standing()] == ["2026-12-02"]


def test_what_is_marked_is_not_reminded_of(ana: Partner) -> None:
    plan_for(ana, time(18, 30))
    promise = hers_of(ana)
    Mark.make(
        by=ana,
        ritual=greeting_of(ana),
        day=date(2026, 12, 1),
        client_key=uuid.uuid4(),
        now=NOON,
    )
    promise.refresh_from_db()
    assert promise.outcome == Outcome.DROPPED
    assert [occasion for occasion, _due in standing()] == ["2026-12-02"]


def test_a_mark_taken_back_in_time_is_reminded_of_again(ana: Partner) -> None:
    plan_for(ana, time(18, 30))
    made = Mark.make(
        by=ana, ritual=greeting_of(ana), day=date(2026, 12, 1), client_key=uuid.uuid4(), now=NOON
    )
    made.take_back(by=ana, now=NOON + timedelta(minutes=5))
    assert [occasion for occasion, _due in standing()] == ["2026-12-01"]


def test_a_reminder_that_is_due_and_not_out_yet_survives_a_mark_of_another_day(
    ana: Partner,
) -> None:
    plan_for(ana, time(18, 30))
    late = datetime(2026, 12, 1, 17, 40, tzinfo=UTC)
    Mark.make(
        by=ana, ritual=greeting_of(ana), day=date(2026, 11, 30), client_key=uuid.uuid4(), now=late
    )
    assert [occasion for occasion, _due in standing()] == ["2026-12-01"]


def test_the_others_mark_leaves_my_reminder_alone(ana: Partner, ben: Partner) -> None:
    plan_for(ana, time(18, 30))
    Mark.make(
        by=ben, ritual=greeting_of(ben), day=date(2026, 12, 1), client_key=uuid.uuid4(), now=NOON
    )
    assert [occasion for occasion, _due in standing()] == ["2026-12-01"]


def test_a_moved_clock_moves_the_instant_and_keeps_the_date(ana: Partner) -> None:
    plan_for(ana, time(18, 30))
    ana.keep_clock("America/New_York", now=NOON)
    assert standing() == [("2026-12-01", datetime(2026, 12, 1, 23, 30, tzinfo=UTC))]


def test_at_claim_the_source_wants_it_only_when_due_and_open(ana: Partner) -> None:
    plan_for(ana, time(18, 30))
    promise, source = hers_of(ana), RitualReminders()
    assert not source.wanted(promise, now=NOON)
    assert source.wanted(promise, now=promise.due_at)
    ReminderTime.objects.all().delete()
    assert not source.wanted(promise, now=promise.due_at)


def test_after_it_was_settled_the_next_day_follows(ana: Partner) -> None:
    plan_for(ana, time(18, 30))
    promise = hers_of(ana)
    promise.settled_at, promise.outcome = promise.due_at, Outcome.SENT
    promise.save()
    RitualReminders().follow(promise, now=promise.due_at)
    assert [occasion for occasion, _due in standing()] == ["2026-12-02"]


def test_a_time_is_set_on_the_page_and_the_other_does_not_see_it(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ritual = greeting_of(ana)
    url, field = f"/rituals/{ritual.pk}/time/", f"r{ritual.pk.hex[:8]}-at"
    assert client_of(ana).post(url, {field: "17:45"}).status_code == 302
    assert b"17:45" in client_of(ana).get("/rituals/").content
    assert b"17:45" not in client_of(ben).get("/rituals/").content


def test_a_time_that_is_none_keeps_what_was_typed(ana: Partner, client_of: ClientOf) -> None:
    ritual = greeting_of(ana)
    field = f"r{ritual.pk.hex[:8]}-at"
    page = client_of(ana).post(f"/rituals/{ritual.pk}/time/", {field: "half past"})
    assert page.status_code == 422
    assert b"Please give a time." in page.content
    assert b"half past" in page.content
