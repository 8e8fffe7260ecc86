"""What a tap brings along, what a couple chooses, and when somebody wants to be reminded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from couples.forms import TOO_LONG, ZoneField
from rituals.days.models.moment import How
from rituals.days.models.ritual import EVERY_DAY, Kind
from rituals.models import Approach

LONGEST_LINE = 200
LONGEST_NAME = 60


class DayField(forms.DateField):
    """A day of the calendar, chosen with the phone's own picker."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "required": _("Please choose a day."),
                "invalid": _("Please give a day like 2026-11-23."),
            },
            **options,
        )


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Days of the week; cleaned to bits, of which Monday is 1."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("On these days"),
            choices=[(number, name) for number, name in WEEKDAYS_ABBR.items()],
            coerce=int,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "segmented weekdays"}),
            error_messages={
                "required": _("Please choose at least one day."),
                "invalid_choice": _("Please choose from the seven days."),
            },
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        """Show bits as the days they stand for; what was typed comes back as it was."""
        if isinstance(value, int):
            return [number for number in WEEKDAYS_ABBR if value & (1 << number)]
        return value

    def clean(self, value: Any) -> int:
        """Return the chosen days as bits."""
        return sum(1 << number for number in set(super().clean(value)))


class MannerForm(forms.Form):
    """Whether the two were in one place."""

    how = forms.ChoiceField(choices=How)


class DescribeForm(forms.Form):
    """What somebody can say about a mark of their own."""

    how = forms.ChoiceField(
        label=_("You two were"),
        choices=How,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        error_messages={"required": _("Please choose one of the two.")},
    )
    line = forms.CharField(
        label=_("A line of yours"),
        max_length=LONGEST_LINE,
        required=False,
        widget=forms.TextInput(attrs={"data-keep": "line"}),
        help_text=_("Your partner sees it today. After that it is in your own practice alone."),
    )


class RitualForm(forms.Form):
    """A ritual to add: one that many couples keep, or one in own words."""

    kind = forms.ChoiceField(
        label=_("Which one?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Please choose one of these.")
        ),
    )
    name = forms.CharField(
        label=_("In your own words"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"data-keep": "ritual"}),
        error_messages={"max_length": TOO_LONG},  # lent by a decision, it may be longer
        help_text=_("A short name, such as “Tea on the stairs”."),
    )
    weekdays = WeekdaysField(initial=EVERY_DAY)

    def __init__(self, *args: Any, kept: Iterable[str], **options: Any) -> None:
        """Offer what is not kept already; `kept` are the kinds that are."""
        super().__init__(*args, **options)
        there = set(kept) - {Kind.OWN}
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, kind.label) for kind in Kind if kind not in there
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for a name where the words are one's own."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == Kind.OWN and not cleaned.get("name"):
            self.add_error("name", _("Please give it a name of your own."))
        return cleaned


class WeekdaysForm(forms.Form):
    """Other weekdays for a ritual, from a day on."""

    weekdays = WeekdaysField()
    start = DayField(label=_("From this day on"), help_text=_("The days before stay as they were."))


class MarkForm(forms.Form):
    """One tap: the day of the card it was made on, and a key that makes repeats harmless."""

    day = forms.DateField()
    client_key = forms.UUIDField()
    how = forms.ChoiceField(choices=How, required=False)
    line = forms.CharField(max_length=LONGEST_LINE, required=False)


class MeetingForm(forms.Form):
    """A word on when we meet again."""

    words = forms.CharField(
        label=_("When do you two meet again?"),
        max_length=LONGEST_LINE,
        required=False,
        widget=forms.TextInput(attrs={"data-keep": "meeting"}),
        help_text=_("Such as “Home by seven, I bring bread.” It is gone once you both say hi."),
    )


class RestForm(forms.Form):
    """Days at rest, the first and the last included."""

    first = DayField(label=_("From"))
    last = DayField(label=_("Until"), help_text=_("The last day of it."))


class DaysForm(forms.Form):
    """By which clock, and from which hour on, the two share a day."""

    zone = ZoneField(label=_("Your days follow the clock of"), help_text=_("A city near you two."))
    day_start = forms.TimeField(
        label=_("A day begins at"),
        help_text=_(
            "What you do before this belongs to the evening before. Later for night shifts."
        ),
        error_messages={
            "required": _("Please give a time."),
            "invalid": _("Please give a time."),
        },
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class TimeForm(forms.Form):
    """A clock time, or none."""

    at = forms.TimeField(
        label=_("Remind me at"),
        required=False,
        help_text=_("By the clock of your own time zone. Empty means: do not remind me."),
        error_messages={"invalid": _("Please give a time.")},
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class ApproachForm(forms.Form):
    """On my way, or heading out."""

    kind = forms.ChoiceField(choices=Approach.Kind)
