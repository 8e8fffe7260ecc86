"""What somebody chooses about reminders."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from couples.delivery.manners import begins_with
from couples.delivery.sources import sources
from couples.models import Person, Preference
from couples.models.preference import Way


class RemindersForm(forms.Form):
    """For each kind a way, and quiet hours by one's own clock."""

    quiet_from = forms.TimeField(
        label=_("Quiet from"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Please give a time."), "invalid": _("Please give a time.")},
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        help_text=_("Times you set yourself come all the same. Two equal times: no quiet hours."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Please give a time."), "invalid": _("Please give a time.")},
    )

    def __init__(self, posted: QueryDict | None, *, person: Person) -> None:
        initial = {"quiet_from": person.quiet_from, "quiet_until": person.quiet_until}
        super().__init__(posted, initial=initial)
        self.person = person
        chosen = Preference.of(person)
        kinds = {
            source.kind: forms.ChoiceField(
                choices=Way.choices,
                label=source.about,
                initial=chosen.get(source.kind, begins_with(source)),
                widget=forms.RadioSelect(attrs={"class": "segmented"}),
                error_messages={"required": _("Please choose one of the two.")},
            )
            for source in sources()
        }
        self.fields = {**kinds, **self.fields}

    def keep(self) -> None:
        """Keep what was chosen; a promise that waits is asked about it before it goes out."""
        typed = self.cleaned_data
        with transaction.atomic():
            for source in sources():
                Preference.choose(self.person, source.kind, typed[source.kind])
            self.person.quiet_from = typed["quiet_from"]
            self.person.quiet_until = typed["quiet_until"]
            self.person.save(update_fields=["quiet_from", "quiet_until"])
