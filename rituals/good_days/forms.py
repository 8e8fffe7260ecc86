"""An answer to the question about what went well."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from couples.forms import WordsField
from rituals.good_days.models import Question
from rituals.models import GoodDay


class GoodDayForm(forms.Form):
    """An answer to share or to keep, or none this time."""

    outcome = forms.ChoiceField(
        choices=GoodDay.Outcome,
        error_messages={
            "required": _("Please choose: share it, keep it, or not now."),
            "invalid_choice": _("Please choose: share it, keep it, or not now."),
        },
    )
    words = WordsField(max_length=1000, rows=3, keep="good-day")
    # The week whose question the page showed.
    week = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, sent: QueryDict | None, *, asked: Question) -> None:
        super().__init__(sent, initial={"week": asked.week})
        self.asked = asked
        self.fields["words"].label = asked.words

    def clean(self) -> dict[str, Any]:
        """Ask for no words where there is nothing to keep."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["week"] = self.asked.week
        if cleaned.get("outcome") == GoodDay.Outcome.PASSED:
            self.errors.pop("words", None)
            cleaned["words"] = None
        return cleaned
