"""What somebody chooses about reminders."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from couples.delivery.models.preference import Way
from couples.delivery.models.push import LONGEST_ENDPOINT
from couples.delivery.notification_policy import begins_with
from couples.delivery.push import is_on
from couples.delivery.sources import Source, sources
from couples.models import Partner, Preference, Reminder

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


def _time(label: StrPromise, help_text: StrPromise | str = "") -> forms.TimeField:
    missing = _("Please give a time.")
    return forms.TimeField(
        label=label,
        help_text=help_text,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": missing, "invalid": missing},
    )


class RemindersForm(forms.Form):
    """For each kind a way, and quiet hours by one's own clock."""

    quiet_from = _time(_("From"))
    quiet_until = _time(_("Until"))

    def __init__(self, posted: QueryDict | None, *, partner: Partner) -> None:
        self.partner, self.person = partner, partner.person
        hours = {"quiet_from": self.person.quiet_from, "quiet_until": self.person.quiet_until}
        super().__init__(posted, initial=hours)
        self.chosen = Preference.of(self.person)
        for source in sources():
            self.fields[source.kind] = self._way(source)

    def _way(self, source: Source) -> forms.ChoiceField:
        way = self.chosen.get(source.kind, begins_with(source))
        # A way that is off here is still shown to whoever has chosen it.
        shown = [each for each in Way if each is not Way.PUSH or is_on() or way is Way.PUSH]
        return forms.ChoiceField(
            choices=[(each.value, each.label) for each in shown],
            label=source.about,
            initial=way,
            show_hidden_initial=True,
            widget=forms.RadioSelect(attrs={"class": "segmented segmented-words"}),
            error_messages={"required": _("Please choose one.")},
        )

    @property
    def own(self) -> list[forms.BoundField]:
        """What comes at times that somebody set or promised."""
        return [self[source.kind] for source in sources() if not source.starts]

    @property
    def started(self) -> list[forms.BoundField]:
        """What the app starts."""
        return [self[source.kind] for source in sources() if source.starts]

    @property
    def wants_push(self) -> bool:
        """True when push is kept for at least one kind."""
        return Way.PUSH in self.chosen.values()

    def keep(self, *, now: datetime) -> None:
        """Keep what was changed; a promise that waits is asked about it at once.

        What was not touched stays as it is now: it may have been ended from a mail since the page
        was drawn.
        """
        typed = self.cleaned_data
        with transaction.atomic():
            # The couple, then the person, then promises: the order in which all others lock.
            self.partner.couple.lock()
            self.person.quiet_from = typed["quiet_from"]
            self.person.quiet_until = typed["quiet_until"]
            self.person.save(update_fields=["quiet_from", "quiet_until"])
            for source in sources():
                if source.kind in self.changed_data:
                    self._choose(source, typed[source.kind], now=now)
            if self.changed_data:
                Reminder.objects.filter(person=self.person).wake(now=now)

    def _choose(self, source: Source, way: str, *, now: datetime) -> None:
        before = self.chosen.get(source.kind, begins_with(source))
        Preference.choose(self.person, source.kind, way)
        if before is Way.NONE and way != Way.NONE:
            source.chosen(self.person, now=now)


class DeviceForm(forms.Form):
    """What a browser says about where it takes push messages."""

    endpoint = forms.CharField(max_length=LONGEST_ENDPOINT, widget=forms.HiddenInput)
    p256dh = forms.CharField(max_length=120, widget=forms.HiddenInput)
    auth = forms.CharField(max_length=40, widget=forms.HiddenInput)
