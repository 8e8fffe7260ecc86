"""What a person answers about their week, and what a tap to share has seen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rituals.felt.models.pulse import HIGHEST
from rituals.felt.page import STATEMENT_WORDS
from rituals.models import ScaleWording

NAMES = ("came_first", "bring_up", "came_back")


SHORT = 2
"""Characters of an answer that fits beside the others of its item."""


class AnswersField(forms.TypedChoiceField):
    """One answer among a few, one under the other."""

    classes = ""

    def __init__(self, *, label: Any, choices: list[tuple[int, str]]) -> None:
        super().__init__(
            label=label,
            choices=choices,
            coerce=int,
            widget=forms.RadioSelect(attrs={"class": self.classes} if self.classes else None),
            error_messages={
                "required": _("Please choose one of these."),
                "invalid_choice": _("Please choose one of these."),
            },
        )


class StepsField(AnswersField):
    """One answer among a few numbers side by side."""

    classes = "segmented segmented-steps"


class PulseForm(forms.Form):
    """Three answers, and the Monday of the week that the page was drawn for."""

    week = forms.DateField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Please tap once more: the page did not say which week it is."),
            "invalid": _("Please tap once more: the page did not say which week it is."),
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, words in zip(NAMES, STATEMENT_WORDS, strict=True):
            steps = [(step, str(step)) for step in range(HIGHEST + 1)]
            self.fields[name] = StepsField(label=words, choices=steps)

    @property
    def answers(self) -> list[int]:
        """The three answers in the order of the statements, once the form is valid."""
        return [self.cleaned_data[name] for name in NAMES]


class SharingForm(forms.Form):
    """Which answers the one who shares has seen."""

    revision = forms.IntegerField(min_value=1)


class ScaleForm(forms.Form):
    """All items of a published scale, and the key of this tap."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, wording: ScaleWording, **options: Any) -> None:
        super().__init__(*args, **options)
        self._names = []
        for number, item in enumerate(wording.words.items, start=1):
            # Numbers alone stand side by side; words one under the other.
            short = all(len(label) <= SHORT for _number, label in item.answers)
            kind = StepsField if short else AnswersField
            self._names.append(f"item_{number}")
            self.fields[self._names[-1]] = kind(label=item.text, choices=list(item.answers))

    @property
    def answers(self) -> list[int]:
        """The printed numbers in the order of the items, once the form is valid."""
        return [self.cleaned_data[name] for name in self._names]
