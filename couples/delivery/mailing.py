"""The mails of one batch that nothing stands in the way of, with one commit each.

Every decision that concerns one promise alone is made in a turn of its own (turn.py). Most are as
plain as can be: a time that somebody set, by e-mail, tried for the first time. Of these a batch
asks the database once. What is written down is what a turn writes down (record.py): *attempting*
for all of them together, and *handed* for each right before its message, in the statement that
writes down that the one before was sent. So no more than one message a worker is in doubt after a
crash. They are settled together at the end; one that is found *sent* after a crash is settled by
its next claim.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from couples.delivery.log import settled
from couples.delivery.mail import Letters, Post, message_id
from couples.delivery.models.preference import Way
from couples.delivery.models.reminder import Channel, Delivery, Outcome, Stage
from couples.delivery.notification_policy import way_of
from couples.delivery.smtp_errors import reason
from couples.delivery.sources import Source, source_of
from couples.delivery.turn import Turn
from couples.models import Couple, Reminder

log = structlog.stdlib.get_logger(__name__)


ONE_SENT_ONE_HANDED = """
    UPDATE couples_delivery AS made SET
        stage = next.stage,
        handed_at = CASE next.stage WHEN 'handed' THEN %s ELSE handed_at END,
        ended_at = CASE next.stage WHEN 'sent' THEN %s END,
        provider_id = next.provider_id
    FROM (
        SELECT * FROM (VALUES (%s::uuid, 'sent', %s)) AS before
        UNION ALL
        SELECT delivery.id, 'handed', '' FROM couples_delivery AS delivery
        JOIN couples_reminder AS reminder ON reminder.id = delivery.reminder_id
        WHERE delivery.id = %s AND delivery.stage = 'attempting'
            AND reminder.settled_at IS NULL AND reminder.fence = delivery.fence
            AND reminder.lease_until > %s AND reminder.due_at <= %s
    ) AS next (id, stage, provider_id)
    WHERE made.id = next.id AND made.stage NOT IN ('sent', 'failed')
"""
"""Written by hand, as it stands between any two mails: the ORM takes longer to think about it than
the mail takes."""


def plain(reminders: Iterable[Reminder]) -> list[Reminder]:
    """Return those that only have to be asked for, sent and followed."""
    return [each for each in reminders if _is_plain(each)]


def _is_plain(reminder: Reminder) -> bool:
    source = source_of(reminder.kind)
    return (
        source is not None
        and not source.starts  # those know quiet hours, and are counted under a lock
        and reminder.person.is_active
        and way_of(reminder.person, source) is Way.EMAIL
        and not reminder.deliveries.all()
    )


class Mailing:
    """Some plain promises in the hands of their holder, over a connection that is open."""

    def __init__(self, reminders: Sequence[Reminder], *, post: Post, now: datetime) -> None:
        self.post = post
        self._began, self._began_at = time.monotonic(), now
        useful = [each for each in reminders if now < each.useful_until]
        wanted: set[UUID] = set()
        for source, some in _by_source(useful):
            wanted |= source.wanted_among(some, now=now)
        self.turns = {
            each.pk: Turn(each, post=post, clock=self.clock) for each in useful if each.pk in wanted
        }
        self._letters = Letters()
        self._unwritten: Delivery | None = None
        """The last that was sent, before that is written down."""

    def clock(self) -> datetime:
        """The database's instant at the beginning, and how long that is ago."""
        return self._began_at + timedelta(seconds=time.monotonic() - self._began)

    def go(self, *, ends: float) -> set[UUID]:
        """Send what is still to be sent until that reading of the monotonic clock.

        Return the promises that had their turn; the others are as they were.
        """
        begun = self._begin(now=self.clock())
        had: set[UUID] = set()
        sent: list[Delivery] = []
        for delivery in begun:
            if time.monotonic() >= ends or self.post.is_away:
                break
            had.add(delivery.reminder_id)
            if self._one(delivery):
                sent.append(delivery)
        self._write_down()
        rest = [each.pk for each in begun if each.reminder_id not in had]
        Delivery.objects.filter(pk__in=rest, stage=Stage.ATTEMPTING).delete()
        self._settle(sent)
        return had

    def _begin(self, *, now: datetime) -> list[Delivery]:
        """Write down that these are attempted; who is busy with one of them now keeps it."""
        ours = Reminder.objects.standing().filter(
            pk__in=self.turns, lease_until__gt=now, due_at__lte=now
        )
        with transaction.atomic():
            # Not waited for: a tap locks the promises of its couple in an order of its own.
            locked = ours.select_for_update(skip_locked=True).values_list("pk", "fence")
            held = [pk for pk, fence in locked if self.turns[pk].reminder.fence == fence]
            return Delivery.objects.bulk_create(
                Delivery(
                    reminder=self.turns[pk].reminder,
                    channel=Channel.EMAIL,
                    attempt=1,
                    fence=self.turns[pk].reminder.fence,
                    began_at=now,
                )
                for pk in sorted(held, key=list(self.turns).index)
            )

    def _one(self, delivery: Delivery) -> bool:
        """Make one attempt; True when it went out."""
        turn = self.turns[delivery.reminder_id]
        try:
            self.post.greet()
        except OSError as error:
            self._write_down()
            turn.failed(delivery, reason(error))
            return False
        try:
            mail = self._letters.to(turn.reminder)
        except Exception:
            # One broken letter must not hold up the others; its lease brings it back.
            log.exception("no turn", reminder=str(turn.reminder.pk), kind=turn.reminder.kind)
            return False
        if not self._handed(delivery):
            turn.record.called_off(delivery)
            return False
        try:
            self.post.hand(mail)
        except (OSError, ValueError) as error:
            turn.not_taken(delivery, error)
            return False
        self._unwritten = delivery
        return True

    def _handed(self, delivery: Delivery) -> bool:
        """Write down that the one before was sent and this one goes out; False when it must not."""
        now, before = self.clock(), self._unwritten
        sent = (before.pk, message_id(before.reminder_id)) if before else (None, "")
        with connection.cursor() as cursor:
            cursor.execute(ONE_SENT_ONE_HANDED, [now, now, *sent, delivery.pk, now, now])
            written = cursor.rowcount
        if written == (1 if before is None else 2):
            self._unwritten = None
            return True
        self._write_down()
        return Delivery.objects.filter(pk=delivery.pk, stage=Stage.HANDED).exists()

    def _write_down(self) -> None:
        """Write down that the last one was sent, if that is not written yet."""
        if self._unwritten is not None:
            handed = Delivery.objects.filter(_unresolved(self._unwritten))
            provider_id = message_id(self._unwritten.reminder_id)
            handed.update(stage=Stage.SENT, ended_at=self.clock(), provider_id=provider_id)
            self._unwritten = None

    # --- How they ended ------------------------------------------------------------------------

    def _settle(self, sent: list[Delivery]) -> None:
        """Settle what was sent and store what follows, together; one by one where that fails."""
        if not sent:
            return
        now = self.clock()
        try:
            done = self._settle_together(sent, now=now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # One broken source must not hold up the others.
            log.exception("not settled together")
            for each in sent:
                self.turns[each.reminder_id].record.sent(each, message_id(each.reminder_id))
        else:
            for each in done:
                settled(each.reminder, Outcome.SENT, now=now, delivery=each)

    def _settle_together(self, sent: list[Delivery], *, now: datetime) -> list[Delivery]:
        reminders = {each.reminder_id: each.reminder for each in sent}
        couples = {each.couple_id for each in reminders.values() if each.couple_id}
        with transaction.atomic():
            # In the order of the verbs, couples before promises; couples in one order for all.
            in_order = Couple.objects.filter(pk__in=couples).order_by("pk")
            list(in_order.select_for_update().values_list("pk"))
            standing = Reminder.objects.standing().filter(pk__in=reminders).select_for_update()
            held = [
                pk
                for pk, fence in standing.values_list("pk", "fence")
                if reminders[pk].fence == fence
            ]
            Reminder.objects.filter(pk__in=held).update(
                settled_at=now, outcome=Outcome.SENT, lease_until=None
            )
            for source, some in _by_source([reminders[pk] for pk in held]):
                source.follow_all(some, now=now)
        return [each for each in sent if each.reminder_id in held]


def _unresolved(delivery: Delivery) -> Q:
    """Our own attempt, while nobody knows better than we what became of it."""
    return Q(pk=delivery.pk) & ~Q(stage__in=[Stage.SENT, Stage.FAILED])


def _by_source(reminders: Sequence[Reminder]) -> list[tuple[Source, list[Reminder]]]:
    """Return the promises by who made them; those of nobody here are left out."""
    kinds: dict[str, list[Reminder]] = defaultdict(list)
    for each in reminders:
        kinds[each.kind].append(each)
    return [(source, some) for kind, some in kinds.items() if (source := source_of(kind))]
