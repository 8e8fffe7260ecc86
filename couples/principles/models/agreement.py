"""A principle: what two people agreed to be, in force only while both have signed one wording."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples import brakes
from couples.clock import database_now
from couples.models.couple import SEATS, Couple, Partner
from couples.principles import flow
from couples.principles.models import lapse_promise
from couples.principles.models.signature import AgreementRefused, Signature, lapse_day, moved_on
from couples.vault import SealedField


class Area(models.TextChoices):
    """What a principle is about."""

    PURPOSE = "purpose", gettext_lazy("What we are for")
    FIRST = "first", gettext_lazy("Coming first")
    RITUALS = "rituals", gettext_lazy("Rituals")
    REPAIR = "repair", gettext_lazy("Repair")
    THIRDS = "thirds", gettext_lazy("What can come between")
    PRIVACY = "privacy", gettext_lazy("Privacy")


class Agreement(models.Model):
    """One principle through all its wordings. A couple has one purpose, and as many others."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="agreements")
    area = models.CharField(max_length=16, choices=Area)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple"], condition=Q(area=Area.PURPOSE), name="one_purpose_a_couple"
            ),
            models.CheckConstraint(
                name="agreement_area_is_known", condition=Q(area__in=Area.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.pk}"

    @classmethod
    def propose(
        cls,
        *,
        by: Partner,
        area: str,
        wording: str,
        client_key: uuid.UUID,
        until: date | None = None,
        now: datetime | None = None,
    ) -> AgreementVersion:
        """Propose a principle and sign it; `until` is the day on which it lapses.

        A second purpose is a new wording of the first. A tap repeated with the same key changes
        nothing. Raises AgreementRefused for a day that is not within the next two years, beyond
        the brake, and for a wording that rests.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            if earlier := AgreementVersion.made_by(by, client_key):
                return earlier
            purpose = area == Area.PURPOSE and cls.objects.filter(couple=by.couple, area=area)
            agreement = purpose.first() if purpose else None
            agreement = agreement or cls.objects.create(couple=by.couple, area=area)
            return agreement._put(by, wording, client_key, until=until, now=now)

    def reword(
        self,
        *,
        by: Partner,
        wording: str,
        client_key: uuid.UUID,
        until: date | None = None,
        now: datetime | None = None,
    ) -> AgreementVersion:
        """Propose another wording and sign it. What is in force stands until both have signed.

        Raises AgreementRefused for the wording there is, or a day not within two years.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            if earlier := AgreementVersion.made_by(by, client_key):
                return earlier
            open_ones = by.couple.wordings.filter(agreement=self, closed_at=None)
            if any(each.wording == wording for each in open_ones):
                raise AgreementRefused(_("That is the wording there is. You can sign it as it is."))
            return self._put(by, wording, client_key, until=until, now=now)

    def _put(
        self,
        by: Partner,
        wording: str,
        client_key: uuid.UUID,
        *,
        until: date | None,
        now: datetime,
    ) -> AgreementVersion:
        about = brakes.fingerprint(wording, of=by)
        rest = "principle_wording"
        brakes.guard_rest(rest, by=by, refused=AgreementRefused, about=about, now=now)
        brakes.hold("principle", by=by, refused=AgreementRefused, now=now)
        paper = self.paper()
        after = flow.propose(paper, by.seat, until=lapse_day(until, by.couple.today(now)))
        made = AgreementVersion.objects.create(
            couple=by.couple,
            agreement=self,
            number=len(after),
            wording=wording,
            proposed_by=by,
            proposed_at=now,
            client_key=client_key,
        )
        self.keep(paper, after, couple=by.couple, by=by, now=now)
        return made

    # --- Between the pure flow and the rows ------------------------------------------------------

    def paper(self) -> flow.Paper:
        """Return all wordings with the names under them, in two queries."""
        seats = {partner.pk: partner.seat for partner in self.couple.together}
        return {
            version.number: flow.Wording(
                names={seats[name.partner_id]: name.lapses_on for name in version.signatures.all()},
                adopted=version.adopted_at is not None,
                closed=version.closed_at is not None,
            )
            for version in self.versions.with_names()
        }

    def keep(
        self,
        before: flow.Paper,
        after: flow.Paper,
        *,
        couple: Couple,
        by: Partner | None,
        now: datetime,
    ) -> None:
        """Write what `after` has and `before` had not; the couple is locked."""
        for version in self.versions.all():
            was, wording = before.get(version.number, flow.Wording()), after[version.number]
            version.keep_names(was, wording, couple=couple, now=now)
            changed = {}
            if wording.adopted and not was.adopted:
                changed["adopted_at"] = now
            if wording.closed and not was.closed:
                changed["closed_at"] = now
            if changed:
                AgreementVersion.objects.filter(pk=version.pk).update(**changed)
        if before != after:
            lapse_promise.plan_for(couple, couple.wordings.filter(agreement=self), now=now)
            couple.was_active(couple.today(now), by=by)
            couple.publish("us", "today")


class VersionQuerySet(models.QuerySet["AgreementVersion"]):
    """Wordings by how they stand on one of the couple's days."""

    def in_force(self, today: date) -> VersionQuerySet:
        """Those under which both names stand."""
        return self._named(today, names=len(SEATS))

    def open_for_one(self, today: date) -> VersionQuerySet:
        """Those under which one name stands: proposed, or signed again by one."""
        return self._named(today, names=1)

    def not_in_force(self, today: date) -> VersionQuerySet:
        """Those that were in force once and have no name under them; why makes no difference."""
        return self._named(today, names=0).exclude(adopted_at=None)

    def lapsing(self, today: date, *, by_day: date) -> VersionQuerySet:
        """Those in force today that lapse on `by_day` or before, unless both sign again."""
        soon = Signature.objects.filter(
            version=models.OuterRef("pk"), ended_at=None, lapses_on__lte=by_day
        )
        return self.in_force(today).filter(models.Exists(soon))

    def for_today(self, partner: Partner, *, today: date, since: datetime) -> VersionQuerySet:
        """The purpose in force, then what `partner` has been asked to sign since, newest first.

        Each has how many `names` stand under it.
        """
        standing = Q(signatures__ended_at=None, signatures__lapses_on__gt=today)
        mine = Q(signatures__partner=partner) & standing
        counted = self.filter(closed_at=None).annotate(
            names=models.Count("signatures", filter=standing),
            mine=models.Count("signatures", filter=mine),
        )
        purpose = Q(names=len(SEATS), agreement__area=Area.PURPOSE)
        asked = Q(names=1, mine=0, proposed_at__gte=since)
        found = counted.filter(purpose | asked).select_related("agreement")
        return found.order_by("-names", "-proposed_at", "pk")

    def with_names(self) -> VersionQuerySet:
        """Bring along the signatures that have not been ended, lapsed or not, and no others."""
        names = models.Prefetch("signatures", Signature.objects.filter(ended_at=None))
        return self.prefetch_related(names)

    def _named(self, today: date, *, names: int) -> VersionQuerySet:
        """Those open wordings under which that many signatures stand."""
        standing = Q(signatures__ended_at=None, signatures__lapses_on__gt=today)
        counted = self.filter(closed_at=None).annotate(
            names=models.Count("signatures", filter=standing)
        )
        return counted.filter(names=names)


class AgreementVersion(models.Model):
    """One wording. Whether it is in force is read from its signatures and stored nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="wordings")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    wording = SealedField(owner="couple")
    proposed_by = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    client_key = models.UUIDField()

    objects: ClassVar[VersionQuerySet] = VersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "agreement", "number"], name="one_wording_a_number"
            ),
            models.UniqueConstraint(
                fields=["couple", "proposed_by", "client_key"], name="one_proposal_a_tap"
            ),
        ]
        indexes = [models.Index(fields=["couple", "-proposed_at"], name="wording_by_time")]

    def __str__(self) -> str:
        return f"{self.number} of {self.agreement_id}"

    @classmethod
    def made_by(cls, partner: Partner, client_key: uuid.UUID) -> AgreementVersion | None:
        """Return what this tap has already made."""
        return partner.couple.wordings.filter(proposed_by=partner, client_key=client_key).first()

    def sign(self, *, by: Partner, until: date | None = None, now: datetime | None = None) -> None:
        """Put one's name under this wording, for as long as the other offers or `until` says.

        Signing twice changes nothing. Raises AgreementRefused when another wording has taken the
        place of this one, for a day that is not within the next two years, or beyond the brake
        where it puts the wording before the other anew. Signing what they have signed always goes.
        """
        now = now or database_now()
        today = by.couple.today(now)
        with transaction.atomic():
            by.couple.lock()
            paper = self.agreement.paper()
            offered = paper[self.number].offered(by.seat, today)
            until = lapse_day(until or offered, today)
            try:
                after = flow.sign(paper, by.seat, self.number, until=until, today=today)
            except flow.Refused as refusal:
                raise moved_on() from refusal
            if after != paper and offered is None:
                for channel, about in (("principle", ""), ("principle_again", self.pk)):
                    brakes.hold(channel, by=by, refused=AgreementRefused, about=about, now=now)
            self.agreement.keep(paper, after, couple=by.couple, by=by, now=now)

    def withdraw(self, *, by: Partner, now: datetime | None = None) -> None:
        """Take this wording out of force or off the table, alone and at once.

        One that was never in force rests before it can be proposed again, whoever took it off.
        Raises AgreementRefused when another wording has taken the place of this one.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            paper = self.agreement.paper()
            try:
                after = flow.withdraw(paper, self.number)
            except flow.Refused as refusal:
                raise moved_on() from refusal
            if after[self.number].closed and not paper[self.number].closed:
                about = brakes.fingerprint(self.wording, of=by)
                brakes.note("principle_wording", by=by, about=about, now=now)
            # By nobody: whoever comes back to the other's page by this would be named after all.
            self.agreement.keep(paper, after, couple=by.couple, by=None, now=now)

    def keep_names(
        self, was: flow.Wording, wording: flow.Wording, *, couple: Couple, now: datetime
    ) -> None:
        """End the signatures that are gone or replaced, and add the new ones."""
        seats = {partner.seat: partner for partner in couple.together}
        for seat in was.names.keys() | wording.names.keys():
            if was.names.get(seat) == wording.names.get(seat):
                continue
            mine = self.signatures.filter(partner=seats[seat], ended_at=None)
            # The clock of a request that waited for the couple may be behind the one it waited for.
            mine.update(ended_at=Greatest("signed_at", Value(now)))
            if until := wording.names.get(seat):
                Signature.objects.create(
                    couple=couple,
                    version=self,
                    partner=seats[seat],
                    signed_at=now,
                    lapses_on=until,
                )
