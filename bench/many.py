"""Very many couples, written by the database itself: two partners each, a ritual, a reminder.

Their ids are digests of what they are called, so that every table can name them without looking.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from rich.progress import track

from couples.days import instant

SLICE = 25_000
"""Couples written in one transaction."""

COUPLES = """
    INSERT INTO couples_couple (id, day_zone, day_start, created_at)
    SELECT md5('couple ' || n)::uuid, %(zone)s, '04:00', now() - interval '2 years'
    FROM generate_series(%(first)s, %(last)s) AS n
"""
PEOPLE = """
    INSERT INTO couples_person (
        id, email, password, is_superuser, is_staff, is_active, time_zone, created_at,
        mailbox_asked_at, example_shown_at, quiet_from, quiet_until
    )
    SELECT md5('person ' || n || ' ' || seat)::uuid, n || '-' || seat || '@many.example',
        '!' || md5(random()::text), false, false, true, %(zone)s, now() - interval '2 years',
        now() - interval '2 years', now() - interval '2 years', '21:30', '07:30'
    FROM generate_series(%(first)s, %(last)s) AS n, generate_series(1, 2) AS seat
"""
PARTNERS = """
    INSERT INTO couples_partner (id, couple_id, person_id, seat, joined_at)
    SELECT md5('partner ' || n || ' ' || seat)::uuid, md5('couple ' || n)::uuid,
        md5('person ' || n || ' ' || seat)::uuid, seat, now() - interval '2 years'
    FROM generate_series(%(first)s, %(last)s) AS n, generate_series(1, 2) AS seat
"""
RITUALS = """
    INSERT INTO rituals_ritual (id, couple_id, kind, created_at)
    SELECT md5('ritual ' || n)::uuid, md5('couple ' || n)::uuid, 'greeting', now()
    FROM generate_series(%(first)s, %(last)s) AS n
"""
SCHEDULES = """
    INSERT INTO rituals_ritualschedule (id, couple_id, ritual_id, valid_from, weekdays)
    SELECT md5('schedule ' || n)::uuid, md5('couple ' || n)::uuid, md5('ritual ' || n)::uuid,
        current_date - 730, 127
    FROM generate_series(%(first)s, %(last)s) AS n
"""
TIMES = """
    INSERT INTO rituals_remindertime (id, couple_id, ritual_id, partner_id, at)
    SELECT md5('time ' || n || ' ' || seat)::uuid, md5('couple ' || n)::uuid,
        md5('ritual ' || n)::uuid, md5('partner ' || n || ' ' || seat)::uuid, %(at)s
    FROM generate_series(%(first)s, %(last)s) AS n, generate_series(1, 2) AS seat
"""
REMINDERS = """
    INSERT INTO couples_reminder (
        id, couple_id, person_id, kind, subject, occasion, due_at, useful_until, fence, outcome,
        created_at
    )
    SELECT gen_random_uuid(), md5('couple ' || n)::uuid, md5('person ' || n || ' ' || seat)::uuid,
        'ritual', md5('ritual ' || n)::uuid, %(occasion)s, due, due + interval '4 hours', 0, '',
        now()
    FROM generate_series(%(first)s, %(last)s) AS n, generate_series(1, 2) AS seat,
        LATERAL (
            SELECT CASE WHEN 2 * n + seat <= %(overdue)s THEN %(due)s::timestamptz
            -- The others over the coming day, in no order of their rows.
            ELSE now() + interval '2 hours' + random() * interval '22 hours' END
        ) AS clock (due)
"""
KEPT = """
    WITH kept AS (
        INSERT INTO couples_reminder (
            id, couple_id, person_id, kind, subject, occasion, due_at, useful_until, fence,
            settled_at, outcome, created_at
        )
        SELECT gen_random_uuid(), md5('couple ' || n)::uuid,
            md5('person ' || n || ' ' || seat)::uuid, 'ritual', md5('ritual ' || n)::uuid,
            'yesterday', now() - interval '1 day', now() - interval '20 hours', 1,
            now() - interval '1 day', 'sent', now() - interval '2 days'
        FROM generate_series(%(first)s, %(last)s) AS n, generate_series(1, 2) AS seat
        RETURNING id, settled_at
    )
    INSERT INTO couples_delivery (
        id, reminder_id, channel, attempt, stage, fence, provider_id, error, began_at, handed_at,
        ended_at, reached
    )
    SELECT gen_random_uuid(), id, 'email', 1, 'sent', 1, 'x', '', settled_at, settled_at,
        settled_at, '{}'
    FROM kept
"""


class Noon:
    """A time zone in which it is the middle of the day, so that no day ends in a measurement."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        ahead = 12 - now.hour
        self.zone = f"Etc/GMT{-ahead:+d}"  # POSIX counts westward
        local = now + timedelta(hours=ahead, minutes=-30)
        self.day: date = local.date()
        self.at: time = local.time().replace(second=0, microsecond=0)

    @property
    def due(self) -> datetime:
        """The instant of a reminder that was due half an hour ago."""
        return instant(self.day, self.at, zone=self.zone)


def couples(count: int, noon: Noon, *, rituals: bool = False) -> None:
    """Write this many couples; with `rituals`, each keeps a greeting and both a time for it."""
    tables = [COUPLES, PEOPLE, PARTNERS, *([RITUALS, SCHEDULES, TIMES] if rituals else [])]
    _write(tables, count, what="couples", zone=noon.zone, at=noon.at)


def reminders(count: int, noon: Noon, *, overdue: int) -> None:
    """Promise one reminder to each partner of the first `count` couples.

    Those of the first are due, `overdue` in all; the others are due over the coming day.
    """
    # The first couple is number 1 and its first seat number 1.
    about = {"due": noon.due, "overdue": overdue + 2, "occasion": noon.day.isoformat()}
    _write([REMINDERS], count, what="reminders", **about)


def kept_reminders(count: int) -> None:
    """Write what yesterday left behind: each partner's reminder, sent at the first attempt."""
    _write([KEPT], count, what="yesterday's reminders")


def settle_down() -> None:
    """Leave the tables as PostgreSQL leaves them once it has had time to clean up."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _write(tables: list[str], count: int, *, what: str, **values: Any) -> None:
    with _without_lookups():
        slices = range(1, count + 1, SLICE)
        title = f"{count:,} couples: {what}"
        for first in track(slices, description=title, disable=len(slices) == 1):
            last = min(first + SLICE - 1, count)
            with transaction.atomic(), connection.cursor() as cursor:
                for table in tables:
                    cursor.execute(table, {"first": first, "last": last, **values})


@contextmanager
def _without_lookups() -> Iterator[None]:
    """Spare the look-up of each foreign key: millions of them, and all ids are made here."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")
