"""The link between a therapist and a couple, from the invitation to its end."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from couples.clock import database_now
from couples.models import Couple, Partner
from couples.models.couple import SEATS
from couples.vault import SealedField
from therapists.models.policy import Secrets
from therapists.models.therapist import Therapist

LIFETIME = timedelta(days=7)


class LinkRefused(Exception):
    """Why a link cannot be made, opened or changed, in words for the person who tried."""


class TherapistLinkQuerySet(models.QuerySet["TherapistLink"]):
    """Links by how far they have come."""

    def live(self) -> TherapistLinkQuerySet:
        """Those that lead to a live couple and were not ended."""
        return self.filter(ended_at=None, couple__isnull=False, couple__ended_at=None)

    def open(self, now: datetime) -> TherapistLinkQuerySet:
        """Invitations whose token still opens something at `now`."""
        return self.filter(
            couple=None, ended_at=None, expires_at__gt=now, therapist__verified_at__isnull=False
        )

    def sent(self, now: datetime) -> TherapistLinkQuerySet:
        """Invitations as their therapist sees them: standing until both partners have accepted.

        Whether somebody has opened one is nothing the therapist should learn, so that is no part
        of this.
        """
        return self.filter(ended_at=None, linked_at=None, expires_at__gt=now)

    def standing(self) -> TherapistLinkQuerySet:
        """Live, accepted by both partners, and of a verified therapist: the only ones that show.

        The last condition is a second wall behind the guard of `open_to`: whoever is or was part
        of a couple sees nothing of it as its therapist, in whatever order things came about.
        """
        own = Partner.objects.filter(
            couple=OuterRef("couple_id"), person=OuterRef("therapist__person_id")
        )
        yes = Count(
            "acceptances",
            filter=Q(acceptances__withdrawn_at=None, acceptances__partner__ended_at=None),
        )
        return (
            self.live()
            .filter(~Exists(own), therapist__verified_at__isnull=False)
            .annotate(yes=yes)
            .filter(yes=len(SEATS))
        )

    def with_scopes(self) -> TherapistLinkQuerySet:
        """Bring along what `shared` reads, in two queries for all of them."""
        return self.prefetch_related("consents", "closings")


class TherapistLink(models.Model):
    """One therapist and, once a partner has opened the invitation, one couple.

    The invitation is a single-use link that stands for seven days. Only a hash of its token can
    be searched for; the token itself is sealed with the therapist's key, so that the link can be
    shown to them again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(
        Couple, null=True, on_delete=models.PROTECT, related_name="therapist_links"
    )
    therapist = models.ForeignKey(Therapist, on_delete=models.PROTECT, related_name="links")
    secrets_policy = models.CharField(max_length=16, choices=Secrets)
    # When the therapist affirmed having seen each partner alone about safety.
    affirmed_at = models.DateTimeField()
    token_hash = models.BinaryField(max_length=32, unique=True)
    token = SealedField(owner="therapist.person")
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    # When both had accepted for the first time.
    linked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[TherapistLinkQuerySet] = TherapistLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple"],
                condition=Q(couple__isnull=False, ended_at=None),
                name="one_live_therapist_a_couple",
            ),
            models.CheckConstraint(
                name="a_link_is_opened_by_a_couple",
                condition=Q(couple=None, opened_at=None)
                | (Q(couple__isnull=False) & Q(opened_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["therapist"], condition=Q(ended_at=None), name="link_by_therapist"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def policy_means(self) -> str:
        """The policy on secrets in plain words."""
        return Secrets(self.secrets_policy).means

    # --- The invitation --------------------------------------------------------------------------

    @classmethod
    def invite(
        cls, *, by: Therapist, secrets_policy: str, now: datetime | None = None
    ) -> TherapistLink:
        """Make an invitation for one couple.

        Making it affirms having seen each partner alone about safety. Raises LinkRefused while
        the therapist is not verified.
        """
        now = now or database_now()
        token = secrets.token_urlsafe(24)
        with transaction.atomic():
            practice = Therapist.objects.select_for_update().get(pk=by.pk)
            if practice.verified_at is None:
                raise LinkRefused(_("Your licence has to be verified before you can invite."))
            return cls.objects.create(
                therapist=by,
                secrets_policy=secrets_policy,
                affirmed_at=now,
                token=token,
                token_hash=_hash(token),
                expires_at=now + LIFETIME,
            )

    @classmethod
    def find(cls, token: str, *, now: datetime) -> TherapistLink:
        """Return the open invitation behind `token`; raises DoesNotExist otherwise."""
        related = cls.objects.open(now).select_related("therapist__person__key")
        return related.get(token_hash=_hash(token))

    def open_to(self, *, by: Partner, now: datetime | None = None) -> None:
        """Bring this invitation before the couple of `by`. It shares nothing yet.

        Raises LinkRefused when it is no longer open, when the couple is not two yet or has a
        therapist, and when the therapist is or was part of the couple.
        """
        now = now or database_now()
        with transaction.atomic():
            # Taking a seat locks the couple as well, and two taken seats are taken for good: once
            # we have found both under this lock, the therapist cannot slip into one of them.
            by.couple.lock()
            self._lock()
            if reason := self.why_not(by, now=now):
                raise LinkRefused(reason)
            self.couple, self.opened_at = by.couple, now
            self.save(update_fields=["couple", "opened_at"])
            by.couple.publish("today", "us")

    def why_not(self, by: Partner, *, now: datetime) -> str:
        """Return why this invitation cannot come before the couple of `by`; empty when it can.

        It holds for as long as the couple is locked.
        """
        if not TherapistLink.objects.open(now).filter(pk=self.pk).exists():
            return _("This invitation is no longer open. Ask for a new one.")
        seats = Partner.objects.filter(couple=by.couple)
        if seats.filter(person=self.therapist.person_id).exists():
            return _("Nobody can be the therapist of their own couple.")
        if seats.live().count() < len(SEATS):
            return _("This opens once your partner is here with you.")
        if TherapistLink.objects.filter(couple=by.couple, ended_at=None).exists():
            return _("You two have a therapist here. End that link first, under Us, Therapist.")
        return ""

    # --- The link --------------------------------------------------------------------------------

    @property
    def closed(self) -> dict[str, Any]:
        """The therapist's closings that stand, by scope."""
        return {each.scope: each for each in self.closings.all() if each.withdrawn_at is None}

    @property
    def shared(self) -> dict[str, date | None]:
        """The open scopes, and how far back each reaches (None: to the start).

        Read it only from a link of `standing().with_scopes()`. A scope is open while both
        partners' consents stand and the therapist has not closed it; the later reach holds.
        """
        closed, given = self.closed, dict[str, list[date | None]]()
        for consent in self.consents.all():
            if consent.withdrawn_at is not None:
                continue
            given.setdefault(consent.scope, []).append(consent.reaches_back_to)
        return {
            scope: max((day for day in reaches if day), default=None)
            for scope, reaches in given.items()
            if len(reaches) == len(SEATS) and scope not in closed
        }

    def shared_now(self) -> dict[str, date | None]:
        """The same, asked of the database anew; empty unless this link stands."""
        found = TherapistLink.objects.standing().with_scopes().filter(pk=self.pk).first()
        return found.shared if found else {}

    def end(self, *, by: Partner | Therapist, now: datetime | None = None) -> None:
        """End the link for all three, or take the invitation back. Either of us can, alone.

        Who ended it is not kept, so nobody can be shown. Ending twice changes nothing; raises
        LinkRefused for somebody else's link.
        """
        mine = self.therapist_id if isinstance(by, Therapist) else self.couple_id
        if mine != (by.pk if isinstance(by, Therapist) else by.couple_id):
            raise LinkRefused(_("This link is not yours."))
        now = now or database_now()
        with transaction.atomic():
            self._lock_in_order()
            if self.ended_at is None:
                self.ended_at = now
                self.save(update_fields=["ended_at"])
                if self.couple:
                    self.couple.publish("today", "us")

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the link for a change; raises LinkRefused when it or its couple has ended meanwhile.

        Nothing of it goes over the live line: an event at that very moment would tell the other
        partner when somebody consented, or stopped to. Pages say what is so when they are next
        opened.
        """
        with transaction.atomic():
            self._lock_in_order()
            if self.couple is None or not TherapistLink.objects.live().filter(pk=self.pk).exists():
                raise LinkRefused(_("This link has ended."))
            yield

    def _lock_in_order(self) -> None:
        """Hold the couple first, if there is one by now, then this row: always in that order."""
        couple = TherapistLink.objects.values_list("couple", flat=True).get(pk=self.pk)
        if couple is not None:
            Couple(pk=couple).lock()
        self._lock()
        if self.couple_id != couple:
            raise LinkRefused(_("This has just been opened elsewhere. Please look again."))

    def _lock(self) -> None:
        fresh = TherapistLink.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if self.couple_id != fresh.couple_id:
            self.couple = fresh.couple
        self.opened_at, self.linked_at = fresh.opened_at, fresh.linked_at
        self.ended_at = fresh.ended_at


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
