"""What a person writes in a repair, and the one tap that goes with each step."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from couples.forms import WordsField
from couples.models import Partner
from repairs.models import Door, Particulars
from repairs.terms import WITH_WORDS, Kind

HOW_MUCH = [(n, str(n)) for n in range(1, 6)]

BACK_IN = [
    ("", _("I leave it open")),
    ("20", _("in 20 minutes")),
    ("60", _("in an hour")),
    ("180", _("in three hours")),
    ("1440", _("tomorrow, about now")),
]
"""Minutes. A break shorter than 20 is too short for a body to calm down (Gottman, 1994)."""

BEGIN_IN = [
    ("60", _("in an hour")),
    ("180", _("in three hours")),
    ("720", _("in half a day")),
    ("1440", _("tomorrow, about now")),
    ("2880", _("the day after, about now")),
]
"""Minutes, 48 hours at the most."""

SHORT_BREAK = timedelta(minutes=20)
ROUND = 5
"""Minutes: a promised time is said in multiples of these."""

WITHOUT_WORDS = frozenset({Kind.NO_HURT, Kind.NO_PART})
"""Answers that would leave behind what was being written."""

A_LINE = 200
"""Characters of a line that says what a small repair is about."""


class DraftForm(forms.Form):
    """A private draft: which door, what happened, how much it hurt, and what was part of it."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    door = forms.ChoiceField(
        choices=Door,
        label=_("Which is nearer?"),
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        error_messages={"required": _("Please choose one of the two.")},
    )
    happened = WordsField(
        label=_("What happened?"),
        help_text=_(
            "As a camera would have seen it. Your partner reads this once you have both settled."
        ),
    )
    how_much = forms.TypedChoiceField(
        choices=HOW_MUCH,
        coerce=int,
        required=False,
        empty_value=None,
        label=_("How much did it hurt?"),
        help_text=_("If a number helps: 1 is a scratch, 5 goes deep."),
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        error_messages={"invalid_choice": _("Please choose a number from 1 to 5, or none.")},
    )
    part_of_it = forms.ChoiceField(
        required=False,
        label=_("Was something between you?"),
        help_text=_("If one of the things you two know about was part of it."),
        error_messages={
            "invalid_choice": _("That does not stand between you any more. Please choose again.")
        },
    )

    def __init__(self, *args: Any, me: Partner, keep: str, **options: Any) -> None:
        super().__init__(*args, **options)
        # What is being typed stays on this phone until it has arrived.
        self.fields["happened"].widget.attrs["data-keep"] = keep
        self.thirds = {str(each.pk): each for each in me.couple.thirds.in_force()}
        for third in self.thirds.values():
            third.couple = me.couple  # brings the key that opens its name
        named = [(key, third.name) for key, third in self.thirds.items()]
        cast("forms.ChoiceField", self.fields["part_of_it"]).choices = [
            ("", _("Nothing of that kind")),
            *sorted(named, key=lambda choice: choice[1].casefold()),
        ]
        if not named:
            del self.fields["part_of_it"]

    @property
    def opening(self) -> dict[str, Any]:
        """What was written, as a draft takes it, once the form is valid."""
        typed = self.cleaned_data
        third = self.thirds.get(typed.get("part_of_it", ""))
        # How much it hurt is for whoever was hurt to say.
        was_hurt = typed["door"] == Door.I_WAS_HURT
        how_much = typed["how_much"] if was_hurt else None
        shared = {name: typed[name] for name in ("door", "happened")}
        return {**shared, "how_much": how_much, "third": third}


class PartForm(forms.Form):
    """One's own part, to begin a small repair with or to send alone."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    about = forms.CharField(
        max_length=A_LINE,
        required=False,
        label=_("What it is about"),
        help_text=_("A few words, which you both see from the start."),
    )
    words = WordsField(label=_("My part"))
    next_time = WordsField(rows=2, required=False, label=_("Next time I will …"))

    def __init__(self, *args: Any, small: bool, keep: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if not small:
            del self.fields["about"]
        for name, field in self.fields.items():
            if name != "client_key":
                field.widget.attrs["data-keep"] = f"{keep}:{name}"


class ActForm(forms.Form):
    """One step: its kind, and what can come with it."""

    client_key = forms.UUIDField()
    words = WordsField(required=False)
    next_time = WordsField(required=False)
    minutes = forms.ChoiceField(choices=[*BACK_IN, *BEGIN_IN], required=False)
    shows_time = forms.BooleanField(required=False)
    aside = forms.BooleanField(required=False)
    # The stage that was on the page.
    at = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    said = forms.UUIDField(required=False)  # the words taken back: an act, or the repair

    def __init__(self, *args: Any, kinds: frozenset[Kind], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(choices=[(k.value, k.value) for k in sorted(kinds)])

    def clean(self) -> dict[str, Any]:
        """Ask for words where the step is made of them, and for a time where it promises one."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") in WITH_WORDS and not cleaned.get("words"):
            self.add_error("words", _("There is nothing written here yet."))
        if cleaned.get("kind") in WITHOUT_WORDS and cleaned.get("words"):
            self.add_error(
                "words",
                _("There are words here. Share them with the first button, or empty the field."),
            )
        if cleaned.get("kind") == Kind.LATER and not cleaned.get("minutes"):
            self.add_error("minutes", _("Please choose one of the times."))
        return cleaned

    @property
    def kind(self) -> Kind:
        """The step itself, once the form is valid."""
        return Kind(self.cleaned_data["kind"])

    def particulars(self, now: datetime, *, about: int | None) -> Particulars:
        """What comes with it; a promised time counts from `now`, in whole five minutes."""
        typed = self.cleaned_data
        minutes = typed.get("minutes")
        return Particulars(
            next_time=typed["next_time"] if self.kind in {Kind.PART, Kind.NO_PART} else None,
            promised_at=self._promised(now, int(minutes)) if minutes else None,
            shows_time=bool(minutes) and typed["shows_time"],
            aside=typed["aside"],
            about=about,
            at=typed["at"],
        )

    def _promised(self, now: datetime, minutes: int) -> datetime:
        """A break is not shortened by it, and a time to begin stays within 48 hours."""
        at = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
        over = at.minute % ROUND
        if self.kind is Kind.LATER:
            return at - timedelta(minutes=over)
        return at + timedelta(minutes=ROUND - over)
