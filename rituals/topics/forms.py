"""What a person writes about something the two should talk about."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from couples.forms import WordsField
from rituals.topics.flow import WITH_WORDS, Kind
from rituals.topics.models.topic import About, Typed


class TopicForm(forms.Form):
    """A private draft: what sort of topic, and what it is about."""

    about = forms.ChoiceField(
        choices=About,
        label=_("What is it?"),
        initial=About.REQUEST,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        error_messages={"required": _("Please choose one of the three.")},
    )
    words = WordsField(label=_("In your words"), rows=4)

    def __init__(self, *args: Any, keep: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"].widget.attrs["data-keep"] = keep


class NewTopicForm(TopicForm):
    """A topic that is not written down yet: the tap that keeps it has a key."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class RevisionField(forms.IntegerField):
    """The words of a draft that the page has shown."""

    def __init__(self) -> None:
        again = _("Please read your draft once more.")
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), again)
        super().__init__(
            label=_("Your draft"),
            min_value=1,
            max_value=100_000,
            widget=forms.HiddenInput,
            error_messages=messages,
        )


class DraftForm(TopicForm):
    """One's own draft, changed."""

    revision = RevisionField()


class RaisingForm(DraftForm):
    """One's own draft, raised as it stands in its fields."""

    client_key = forms.UUIDField(
        label=_("Your draft"),
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("That did not reach us whole. Please tap once more.")
        ),
    )

    @property
    def typed(self) -> Typed:
        """What stood in the fields, once the form is valid."""
        typed = self.cleaned_data
        return Typed(typed["about"], typed["words"], typed["revision"])


class TopicActForm(forms.Form):
    """One step: its kind, and words where it is made of them."""

    client_key = forms.UUIDField()
    words = WordsField(required=False, max_length=200)

    def __init__(self, *args: Any, kinds: frozenset[Kind], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(choices=[(k.value, k.value) for k in sorted(kinds)])

    def clean(self) -> dict[str, Any]:
        """Ask for words where the step is made of them."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") in WITH_WORDS and not cleaned.get("words"):
            self.add_error("words", _("With whom would you like to talk about it?"))
        return cleaned

    @property
    def kind(self) -> Kind:
        """The step itself, once the form is valid."""
        return Kind(self.cleaned_data["kind"])
