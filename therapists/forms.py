"""What a therapist and the partners type and choose about each other."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from couples.forms import NameField
from therapists.models.consent import MEANS, Scope
from therapists.models.policy import POLICIES, Secrets


def _explain(scope: Scope) -> SafeString:
    """Return a choice as two lines; both parts are our own words, and escaped all the same."""
    return format_html(
        '<span class="choice-words"><strong>{}</strong><span>{}</span></span>',
        scope.label,
        MEANS[scope],
    )


_explained = lazy(_explain, SafeString)


class ApplicationForm(forms.Form):
    """Asking for a therapist's account."""

    name = NameField()
    licence = forms.CharField(
        max_length=120,
        widget=forms.TextInput(attrs={"data-keep": "licence"}),
        label=_("Your licence"),
        help_text=_("Kind and number, as the body that issued it has it."),
        error_messages={"required": _("Please name your licence.")},
    )
    place = forms.CharField(
        max_length=120,
        widget=forms.TextInput(attrs={"data-keep": "place"}),
        label=_("Where you practise"),
        help_text=_("State or country in which the licence holds."),
        error_messages={"required": _("Please say where you practise.")},
    )
    professional = forms.BooleanField(
        label=_("I am a licensed professional, and what I write here is true."),
        error_messages={"required": _("This is for licensed professionals. Please affirm it.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].help_text = _("As your couples will see it.")


class InvitationForm(forms.Form):
    """Inviting one couple."""

    secrets_policy = forms.ChoiceField(
        choices=[(policy, POLICIES[policy]) for policy in Secrets],
        widget=forms.RadioSelect,
        label=_("Secrets between the partners"),
        help_text=_("Both partners accept this before anything is shared."),
        error_messages={"required": _("Please choose how you handle secrets.")},
    )
    seen_each_alone = forms.BooleanField(
        label=_("I have seen each partner alone about safety."),
        error_messages={
            "required": _(
                "Please see each partner alone first. This app can do harm where there is fear."
            )
        },
    )


class ConsentForm(forms.Form):
    """One partner's yes to some scopes. What is not chosen stays as it is."""

    scopes = forms.MultipleChoiceField(
        choices=[(scope, _explained(scope)) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
        label=_("I am fine with sharing"),
        error_messages={
            "required": _(
                "Choose at least one, or go back: nothing is shared that you do not name."
            )
        },
    )
    reach = forms.ChoiceField(
        choices=[("today", _("From today")), ("start", _("From the start"))],
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        label=_("How far back"),
        help_text=_("If the two of you choose differently, the later day holds."),
        error_messages={"required": _("Please choose how far back.")},
    )


class ClosingForm(forms.Form):
    """The therapist's own no to one scope."""

    scope = forms.ChoiceField(choices=Scope.choices)
