"""Naming a third, a word about today, and the principle about it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from couples.thirds.flow import Came
from couples.thirds.models.third import PEOPLE, Sort

LONGEST_NAME = 60
YES, NO = "yes", "no"


class ThirdForm(forms.Form):
    """What sort it is, what the two call it, and whether it is a person.

    The sort comes with the address; a form that came without a sound one lets it be chosen. An ex,
    parents and friends are people, so there is nothing to ask.
    """

    sort = forms.ChoiceField(
        choices=Sort,
        label=_("What is it about?"),
        error_messages={
            "required": _("Please choose what it is about."),
            "invalid_choice": _("Please choose what it is about."),
        },
    )
    label = forms.CharField(
        label=_("What do you two call it?"),
        required=False,
        max_length=LONGEST_NAME,
        error_messages={"required": _("A word or two for it, please.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-keep": "third:new"}),
    )
    person = forms.ChoiceField(
        label=_("Is this about a person?"),
        choices=[(NO, _("No")), (YES, _("Yes"))],
        help_text=_("A person stands here only when both of you agree."),
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        error_messages={"required": _("Please say whether it is about a person.")},
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, sort: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if sort not in Sort.values:
            return
        self.fields["sort"].widget = forms.HiddenInput()
        self.fields["sort"].initial = sort
        if sort in PEOPLE:
            del self.fields["person"]
        elif sort == Sort.OTHER:
            self.fields["label"].required = True
        else:
            self.fields["person"].initial = NO
        if sort != Sort.OTHER:
            self.fields["label"].help_text = _("Empty means: “%(name)s”.") % {
                "name": Sort(sort).label
            }

    @property
    def named(self) -> dict[str, Any]:
        """What `Third.put` takes, once the form is valid."""
        typed = self.cleaned_data
        return {
            "sort": typed["sort"],
            "label": typed["label"],
            "is_person": typed.get("person", YES) == YES,
            "client_key": typed["client_key"],
        }


class MomentForm(forms.Form):
    """One's word about a day: what it is, what it was, and which day; empty takes it back."""

    came = forms.ChoiceField(choices=[(c.value, c.value) for c in Came], required=False)
    was = forms.ChoiceField(choices=[(c.value, c.value) for c in Came], required=False)
    day = forms.DateField(input_formats=["%Y-%m-%d"])


class PrincipleForm(forms.Form):
    """Which of the principles in force is about it."""

    principle = forms.ChoiceField(
        label=_("One of ours"),
        required=False,
        error_messages={"invalid_choice": _("Please choose one that is in force.")},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["principle"].choices = [("", _("None")), *choices]  # type: ignore[attr-defined]
