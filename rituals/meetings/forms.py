"""What the two write and tap in their time together."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from couples.forms import WordsField
from rituals.meetings.flow import MOVES
from rituals.meetings.models.decision import LONGEST

ODD = {"required": _("That did not reach us whole. Please tap once more.")}
ODD |= dict.fromkeys(["invalid", "invalid_choice", "min_value", "max_value"], ODD["required"])


class KeyForm(forms.Form):
    """A tap, and its key."""

    client_key = forms.UUIDField(error_messages=ODD)


class StepForm(forms.Form):
    """One move, and the step on which it was tapped."""

    to = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in MOVES], error_messages=ODD)
    answers = forms.IntegerField(min_value=0, max_value=1_000_000, error_messages=ODD)


class DecisionForm(KeyForm):
    """What the two decided about one item."""

    words = WordsField(
        max_length=LONGEST,
        error_messages={
            "required": _("There is nothing written here yet."),
            "max_length": _("Please make it shorter: one or two sentences are enough."),
        },
    )
