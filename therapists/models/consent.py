"""What each partner says yes to, each for themselves; and what the therapist keeps closed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples.clock import database_now
from couples.models import Couple, Partner
from couples.models.couple import SEATS
from therapists.models.link import LinkRefused, TherapistLink
from therapists.models.therapist import Therapist


class Scope(models.TextChoices):
    """What can be shared with a therapist, each by itself."""

    RHYTHM = "rhythm", gettext_lazy("Rhythm")
    FELT_SECURITY = "felt_security", gettext_lazy("Felt security")
    REPAIRS = "repairs", gettext_lazy("Repairs (that and when)")
    REPAIR_WORDS = "repair_words", gettext_lazy("Repairs (the words)")
    PRINCIPLES = "principles", gettext_lazy("Principles")
    ASKS_THIRDS = "asks_thirds", gettext_lazy("Asks and thirds")
    MANUAL = "manual", gettext_lazy("Manual entries")


MEANS = {
    Scope.RHYTHM: gettext_lazy("On which days you two connected, and the last day with an entry."),
    Scope.FELT_SECURITY: gettext_lazy("How safe it feels, over the weeks."),
    Scope.REPAIRS: gettext_lazy("That there was a hurt, since when, and when it was mended."),
    Scope.REPAIR_WORDS: gettext_lazy("What you both wrote in a repair and have revealed."),
    Scope.PRINCIPLES: gettext_lazy("What you two have agreed to be."),
    Scope.ASKS_THIRDS: gettext_lazy("What you ask each other first, and what comes between."),
    Scope.MANUAL: gettext_lazy("Entries of your manual that you share with the therapist too."),
}
"""What each scope opens, in words for the one who decides."""


class Standing[M: models.Model](models.QuerySet[M]):
    """Rows that say yes until they are withdrawn."""

    def standing(self) -> Standing[M]:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class Acceptance(models.Model):
    """One partner's yes to this therapist and to the policy on secrets."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(TherapistLink, on_delete=models.PROTECT, related_name="acceptances")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[Standing[Acceptance]] = Standing.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "link", "partner"],
                condition=Q(withdrawn_at=None),
                name="one_standing_acceptance_a_partner",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def give(cls, *, link: TherapistLink, by: Partner, now: datetime | None = None) -> None:
        """Accept the therapist and the policy for `by` alone. Accepting twice changes nothing.

        Raises LinkRefused for a link that has ended or belongs to another couple.
        """
        now = now or database_now()
        with link.changing():
            _guard_own(link, by)
            cls.objects.get_or_create(
                couple=by.couple,
                link=link,
                partner=by,
                withdrawn_at=None,
                defaults={"accepted_at": now},
            )
            if link.linked_at is None and link.acceptances.standing().count() == len(SEATS):
                link.linked_at = now
                link.save(update_fields=["linked_at"])

    @classmethod
    def withdraw(cls, *, link: TherapistLink, by: Partner, now: datetime | None = None) -> None:
        """Take back one's own yes and with it every consent of one's own, at once."""
        now = now or database_now()
        with link.changing():
            _guard_own(link, by)
            link.acceptances.standing().filter(partner=by).update(withdrawn_at=now)
            link.consents.standing().filter(partner=by).update(withdrawn_at=now)


class Consent(models.Model):
    """One partner's yes to one scope. It opens nothing without the other's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(TherapistLink, on_delete=models.PROTECT, related_name="consents")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="consents")
    scope = models.CharField(max_length=16, choices=Scope)
    # The couple's day on which what may be seen begins; null means from the start.
    reaches_back_to = models.DateField(null=True)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[Standing[Consent]] = Standing.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "link", "partner", "scope"],
                condition=Q(withdrawn_at=None),
                name="one_standing_consent_a_scope",
            ),
            models.CheckConstraint(
                name="consent_scope_is_known", condition=Q(scope__in=Scope.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.pk}"

    @property
    def scope_name(self) -> str:
        """The scope in words."""
        return str(Scope(self.scope).label)

    @classmethod
    def give(
        cls,
        *,
        link: TherapistLink,
        by: Partner,
        scopes: Iterable[str],
        from_start: bool,
        now: datetime | None = None,
    ) -> None:
        """Say yes to `scopes` for `by` alone, from the couple's present day or from the start.

        A scope given before gets the new reach; one given again with the same choice keeps the
        day it had. Raises LinkRefused before `by` has accepted the therapist.
        """
        now = now or database_now()
        with link.changing():
            _guard_own(link, by)
            if not link.acceptances.standing().filter(partner=by).exists():
                raise LinkRefused(_("First say whether you accept this therapist."))
            mine = {c.scope: c for c in link.consents.standing().filter(partner=by)}
            for scope in dict.fromkeys(scopes):
                before = mine.get(scope)
                if before and (before.reaches_back_to is None) == from_start:
                    continue
                if before:
                    before.withdrawn_at = now
                    before.save(update_fields=["withdrawn_at"])
                cls.objects.create(
                    couple=by.couple,
                    link=link,
                    partner=by,
                    scope=scope,
                    reaches_back_to=None if from_start else by.couple.today(now),
                    given_at=now,
                )

    def withdraw(self, *, by: Partner, now: datetime | None = None) -> None:
        """Take back one's own yes; the scope closes at once. Twice changes nothing."""
        now = now or database_now()
        with self.link.changing():
            _guard_own(self.link, by)
            standing = self.link.consents.standing().filter(pk=self.pk, partner=by)
            standing.update(withdrawn_at=now)


class Closing(models.Model):
    """The therapist's own no to a scope: they would rather not see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(TherapistLink, on_delete=models.PROTECT, related_name="closings")
    scope = models.CharField(max_length=16, choices=Scope)
    closed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[Standing[Closing]] = Standing.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "link", "scope"],
                condition=Q(withdrawn_at=None),
                name="one_standing_closing_a_scope",
            ),
            models.CheckConstraint(
                name="closing_scope_is_known", condition=Q(scope__in=Scope.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.pk}"

    @classmethod
    def make(
        cls, *, link: TherapistLink, by: Therapist, scope: str, now: datetime | None = None
    ) -> None:
        """Close `scope` for as long as the therapist wants. Closing twice changes nothing."""
        now = now or database_now()
        with link.changing():
            _guard_therapist(link, by)
            cls.objects.get_or_create(
                couple=link.couple,
                link=link,
                scope=scope,
                withdrawn_at=None,
                defaults={"closed_at": now},
            )

    def withdraw(self, *, by: Therapist, now: datetime | None = None) -> None:
        """Let the couple's own choice hold again."""
        now = now or database_now()
        with self.link.changing():
            _guard_therapist(self.link, by)
            self.link.closings.standing().filter(pk=self.pk).update(withdrawn_at=now)


def _guard_own(link: TherapistLink, by: Partner) -> None:
    if link.couple_id != by.couple_id:
        raise LinkRefused(_("This link is not yours."))


def _guard_therapist(link: TherapistLink, by: Therapist) -> None:
    if link.therapist_id != by.pk:
        raise LinkRefused(_("This link is not yours."))
