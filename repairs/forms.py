"""What a person writes in a repair, and the one tap that goes with each step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from couples.forms import WordsField
from repairs.flow import WITH_WORDS, Kind
from repairs.models.repair import Door

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


class DraftForm(forms.Form):
    """A private draft: which door, what happened, how much it hurt."""

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
        label=_("How much did it hurt?"),
        help_text=_("1 is a scratch, 5 goes deep."),
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        error_messages={"required": _("Please choose a number from 1 to 5.")},
    )

    def __init__(self, *args: Any, keep: str, **options: Any) -> None:
        super().__init__(*args, **options)
        # What is being typed stays on this phone until it has arrived.
        self.fields["happened"].widget.attrs["data-keep"] = keep


class ActForm(forms.Form):
    """One step: its kind, and words or a promised time where the kind has them."""

    client_key = forms.UUIDField()
    words = WordsField(required=False)
    minutes = forms.ChoiceField(choices=[*BACK_IN, *BEGIN_IN], required=False)

    def __init__(self, *args: Any, kinds: frozenset[Kind], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(choices=[(k.value, k.value) for k in sorted(kinds)])

    def clean(self) -> dict[str, Any]:
        """Ask for words where the step is made of them, and for a time where it promises one."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") in WITH_WORDS and not cleaned.get("words"):
            self.add_error("words", _("There is nothing written here yet."))
        if cleaned.get("kind") == Kind.LATER and not cleaned.get("minutes"):
            self.add_error("minutes", _("Please choose one of the times."))
        return cleaned

    @property
    def kind(self) -> Kind:
        """The step itself, once the form is valid."""
        return Kind(self.cleaned_data["kind"])

    @property
    def promised(self) -> timedelta | None:
        """How far ahead the promised time lies, if one was chosen."""
        minutes = self.cleaned_data.get("minutes")
        return timedelta(minutes=int(minutes)) if minutes else None
