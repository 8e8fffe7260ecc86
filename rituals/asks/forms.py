"""What a person writes when they ask first, and the taps that answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from couples.days import DAY
from couples.forms import WordsField
from couples.models import Third
from rituals.asks.flow import OFFERS, Kind
from rituals.asks.models.ask import Question

LONGEST_LINE = 200
FARTHEST = 5 * 366 * DAY
"""How far ahead something can be asked for."""


class DayField(forms.DateField):
    """A day to come, chosen on the phone's calendar."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            error_messages={"invalid": _("Please give a day like 2026-11-30.")},
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            **options,
        )


class AskForm(forms.Form):
    """What, who asks, when, in place of what, and by when I need to know."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    what = WordsField(
        label=_("What would you like to say yes to?"),
        rows=3,
        keep="ask:new:what",
        error_messages={"required": _("A few words about what it is, please.")},
    )
    on = DayField(label=_("When would it be?"))
    asking = forms.ChoiceField(
        label=_("Who is asking for it?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": _("That does not stand between you any more. Please choose again.")
        },
    )
    third = forms.CharField(
        label=_("Somebody else, in your own words"),
        required=False,
        max_length=LONGEST_LINE,
        widget=forms.TextInput(attrs={"data-keep": "ask:new:third"}),
        help_text=_("A friend, your family, the choir. Leave it empty if it comes from you."),
    )
    instead_of = forms.CharField(
        label=_("What would it take the place of?"),
        required=False,
        max_length=LONGEST_LINE,
        widget=forms.TextInput(attrs={"data-keep": "ask:new:instead-of"}),
        help_text=_("An evening together, money for something else, rest."),
    )
    know_by = DayField(
        label=_("By when do you need to know?"),
        help_text=_("Your partner gets one reminder before that day."),
    )

    def __init__(self, *args: Any, today: date, thirds: Iterable[Third], **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.thirds = {str(each.pk): each for each in thirds}
        if self.initial.get("asking") not in self.thirds:
            self.initial["asking"] = ""
        named = sorted(
            ((key, each.name) for key, each in self.thirds.items()),
            key=lambda choice: choice[1].casefold(),
        )
        asking = cast("forms.ChoiceField", self.fields["asking"])
        asking.choices = [("", _("Ourselves")), *named]
        if not named:
            self.fields["third"].label = asking.label
            del self.fields["asking"]

    def clean(self) -> dict[str, Any]:
        """Refuse days that are over, years away, or in the wrong order."""
        cleaned: dict[str, Any] = super().clean() or {}
        on, know_by = cleaned.get("on"), cleaned.get("know_by")
        for name in ("on", "know_by"):
            if day := cleaned.get(name):
                self._near(name, day)
        if on and know_by and know_by > on:
            self.add_error("know_by", _("That is after the day itself. An earlier day helps."))
        return cleaned

    def _near(self, name: str, day: date) -> None:
        if day < self.today:
            self.add_error(name, _("That day is over. Please choose one to come."))
        elif day > self.today + FARTHEST:
            self.add_error(name, _("That is a long way off. Please choose a nearer day."))

    def question(self) -> Question:
        """What is asked, once the form is valid."""
        asked = self.cleaned_data
        return Question(
            what=asked["what"],
            third=asked["third"] or None,
            instead_of=asked["instead_of"] or None,
            on=asked["on"],
            know_by=asked["know_by"],
            about=self.thirds.get(asked.get("asking", "")),
        )


class AskActForm(forms.Form):
    """One step: its kind, the act it answers, and words where it is made of them."""

    client_key = forms.UUIDField()
    answers = forms.IntegerField(min_value=0, max_value=100_000, required=False)
    words = WordsField(required=False)

    def __init__(self, *args: Any, kinds: frozenset[Kind], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(choices=[(k.value, k.value) for k in sorted(kinds)])

    def clean(self) -> dict[str, Any]:
        """Ask for words where the step is made of them, and leave none behind where it is not.

        Whoever wrote a condition and then said yes without it would have agreed to something else.
        """
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") in OFFERS and not cleaned.get("words"):
            self.add_error("words", _("There is nothing written here yet."))
        if cleaned.get("kind", Kind.FINE_IF) not in OFFERS and cleaned.get("words"):
            self.add_error(
                "words",
                _("There are words in the field. Send them with the button below, or empty it."),
            )
        return cleaned

    @property
    def kind(self) -> Kind:
        """The step itself, once the form is valid."""
        return Kind(self.cleaned_data["kind"])


class MatterForm(forms.Form):
    """One line for the list of what touches both."""

    words = forms.CharField(
        label=_("Something that touches us both"),
        max_length=LONGEST_LINE,
        error_messages={"required": _("There is nothing written here yet.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-keep": "matter:new"}),
    )


class AppreciationForm(forms.Form):
    """One line to the partner."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    words = WordsField(
        label=_("Something you appreciate"),
        rows=2,
        keep="appreciation:new",
        max_length=300,
        help_text=_("Small and seen is best: “You put the kettle on before I asked.”"),
    )
