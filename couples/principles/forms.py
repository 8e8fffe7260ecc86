"""The sentence of a principle, what it is about, and for how long."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from couples.days import months_later
from couples.forms import WordsField
from couples.models import Area
from couples.principles.models.signature import LASTS, LONGEST
from couples.principles.wording import NotAPrinciple, principle


class LapseField(forms.DateField):
    """The day on which a signature lapses; empty means three months from today."""

    def __init__(self, *, today: date) -> None:
        bounds = {"min": today + timedelta(days=1), "max": months_later(today, LONGEST)}
        attrs = {"type": "date", **{name: day.isoformat() for name, day in bounds.items()}}
        super().__init__(
            label=_("It lapses on"),
            help_text=_("Unless you both sign again. Three months, if you leave it as it is."),
            required=False,
            initial=months_later(today, LASTS),
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": _("Please give a day like 2027-02-28.")},
            widget=forms.DateInput(attrs=attrs, format="%Y-%m-%d"),
        )


class SignatureForm(forms.Form):
    """Signing again: for how long."""

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until"] = LapseField(today=today)


class WordingForm(SignatureForm):
    """A wording, and the key of this tap."""

    wording = WordsField(
        rows=2,
        keep="wording",
        label=_("In one sentence"),
        help_text=_("It starts with “We”. Both of you sign the same words."),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def clean_wording(self) -> str:
        """Return the sentence as both will sign it."""
        try:
            return principle(self.cleaned_data["wording"])
        except NotAPrinciple as reason:
            raise forms.ValidationError(str(reason)) from reason


class ProposalForm(WordingForm):
    """A new principle."""

    area = forms.ChoiceField(label=_("What it is about"), choices=Area)

    field_order = ["wording", "area", "until", "client_key"]
