"""The link by which one partner invites the other."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples.clock import database_now
from couples.models.couple import SEATS, Couple, Partner
from couples.models.person import Person
from couples.registry import registered
from couples.vault import SealedField

LIFETIME = timedelta(days=7)
_SHARED = gettext_lazy("You already share an account with somebody. Leave it first, under Me.")


class InvitationRefused(Exception):
    """Why an invitation cannot be made or accepted, in words for the person who tried."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by what has become of them."""

    def open(self, now: datetime) -> InvitationQuerySet:
        """Those that can still be accepted at `now`."""
        return self.filter(accepted_at=None, ended_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """A single-use link, open for seven days, that its maker can take back.

    Only a hash of the token can be searched for; the token itself is sealed with the inviter's
    key, so that the link can be shown to them again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="invitations")
    inviter = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="invitations")
    token_hash = models.BinaryField(max_length=32, unique=True)
    token = SealedField(owner="inviter.person")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple"],
                condition=Q(accepted_at=None, ended_at=None),
                name="one_open_invitation_a_couple",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def make(cls, *, by: Partner, now: datetime | None = None) -> Invitation:
        """Open a new invitation to the couple of `by`; an older open one ends.

        Raises InvitationRefused when both seats are taken.
        """
        now = now or database_now()
        token = secrets.token_urlsafe(24)
        with transaction.atomic():
            by.couple.lock()
            if by.couple.partners.filter(ended_at=None).count() == len(SEATS):
                raise InvitationRefused(_("You two are already together here."))
            cls._end_open(by.couple, now)
            return cls.objects.create(
                couple=by.couple,
                inviter=by,
                token=token,
                token_hash=_hash(token),
                expires_at=now + LIFETIME,
            )

    @classmethod
    def keep_open(cls, *, by: Partner, now: datetime | None = None) -> Invitation:
        """Return the open invitation of the couple of `by`, or make one.

        Raises InvitationRefused when both seats are taken.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            return by.couple.invitations.open(now).first() or cls.make(by=by, now=now)

    @classmethod
    def was_accepted(cls, token: str, *, couple: Couple) -> bool:
        """True when the second seat of `couple` was taken with this token."""
        return couple.invitations.filter(
            token_hash=_hash(token), accepted_at__isnull=False
        ).exists()

    @classmethod
    def find(cls, token: str, *, now: datetime) -> Invitation:
        """Return the open invitation behind `token`; raises DoesNotExist otherwise."""
        related = cls.objects.open(now).select_related("inviter__person__key", "couple")
        return related.get(token_hash=_hash(token), couple__ended_at=None)

    def take_back(self, *, now: datetime | None = None) -> None:
        """End this invitation; its link opens nothing any more."""
        with transaction.atomic():
            self.couple.lock()
            self._end_open(self.couple, now or database_now())

    def accept(self, *, by: Person, now: datetime | None = None) -> Partner:
        """Give `by` the empty seat, ending a couple in which they were alone.

        What they drafted there in private comes along (COMES_ALONG); the rest ends with it.
        Raises InvitationRefused when the link is one's own, no longer open, or when the person
        already shares an account with somebody.
        """
        try:
            return self._accept(by=by, now=now or database_now())
        except IntegrityError as taken:
            # They have just taken a seat elsewhere, by another link: the database lets one win.
            raise InvitationRefused(_SHARED) from taken

    def _accept(self, *, by: Person, now: datetime) -> Partner:
        with transaction.atomic():
            mine = Partner.objects.live().select_related("couple").filter(person=by).first()
            # Always in the order of ids, so that two people inviting each other cannot deadlock.
            couples = {self.couple_id} | ({mine.couple_id} if mine else set())
            for couple in Couple.objects.order_by("pk").filter(pk__in=couples):
                couple.lock()
            # Asked anew under the lock: a second tap finds the seat that the first has taken.
            mine = Partner.objects.live().select_related("couple").filter(person=by).first()
            if mine and mine.couple_id == self.couple_id and mine.pk != self.inviter_id:
                return mine
            self._guard(by=by, mine=mine, now=now)
            if mine:
                mine.couple.end(now=now)
            self.accepted_at = now
            self.save(update_fields=["accepted_at"])
            place = Partner.objects.create(couple=self.couple, person=by, seat=SEATS[1])
            for bring in registered("COMES_ALONG") if mine else []:
                bring(mine, place)
            for begin in registered("BOTH_HERE"):
                begin(self.couple, now=now)
            self.couple.publish("today", "us", to=[self.inviter])
            return place

    def _guard(self, *, by: Person, mine: Partner | None, now: datetime) -> None:
        if mine and mine.couple_id == self.couple_id:
            raise InvitationRefused(_("This is your own invitation. Send it to your partner."))
        if not Invitation.objects.open(now).filter(pk=self.pk, couple__ended_at=None).exists():
            raise InvitationRefused(_("This invitation is no longer open. Ask for a new one."))
        if mine and mine.couple.partners.filter(ended_at=None).exclude(person=by).exists():
            raise InvitationRefused(_SHARED)

    @staticmethod
    def _end_open(couple: Couple, now: datetime) -> None:
        couple.invitations.filter(accepted_at=None, ended_at=None).update(ended_at=now)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
