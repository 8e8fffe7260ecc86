"""An entry of one's manual."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from couples.forms import WordsField
from couples.models import Sharing


class ManualForm(forms.Form):
    """An entry of one's manual, and who may read it."""

    text = WordsField(label=_("In my words"), keep="manual")
    sharing = forms.ChoiceField(
        label=_("Who may read this"),
        choices=Sharing,
        widget=forms.RadioSelect,
        help_text=_("It changes at once, and nobody is told."),
    )


class NewEntryForm(ManualForm):
    """A new entry, and the key of this tap."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class EntryForm(ManualForm):
    """A change of an entry, and which revision of it the page showed."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
