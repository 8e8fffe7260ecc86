"""What a person types about themselves, and fields that other rooms use too."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from couples.models import Person
from couples.zones import find, in_words, is_known, names_of, near, offered

LONGEST = 4000
"""Characters of one text: about two pages, more than anybody reads on a phone."""

TOO_LONG = _("There is room for %(limit_value)d characters here; this has %(show_value)d.")


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form is bound to: what was posted, be it nothing at all, or None for a GET."""
    return request.POST if request.method == "POST" else None


class WordsField(forms.CharField):
    """A text in somebody's own words; what was typed comes back with any message.

    `keep` names it on the phone on which it is typed, until it has arrived (static/js/drafts.js).
    """

    def __init__(self, *, rows: int = 4, keep: str = "", **options: Any) -> None:
        attrs = {"rows": rows, **({"data-keep": keep} if keep else {})}
        options.setdefault("max_length", LONGEST)
        said = {"required": _("There is nothing written here yet."), "max_length": TOO_LONG}
        options["error_messages"] = said | options.get("error_messages", {})
        super().__init__(widget=forms.Textarea(attrs=attrs), **options)

    def to_python(self, value: Any) -> str | None:
        """Count a new line once, as the phone did that let the text be this long."""
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class NameField(forms.CharField):
    """What the other partner and a therapist will call somebody."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=40,
            label=_("Your name"),
            help_text=_("As your partner says it."),
            error_messages={"required": _("Please tell us what to call you.")},
            widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
            **options,
        )


class ZoneInput(forms.TextInput):
    """A city to type, with a list of those that there are; a script fills in the phone's own."""

    template_name = "components/zone_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Bring along the list, under a name of its own."""
        shows = super().get_context(name, value, attrs)
        list_id = f"{shows['widget']['attrs'].get('id', name)}_cities"
        shows["widget"]["attrs"]["list"] = list_id
        # A phone's own city is looked up by any name; an old spelling is only there to be typed.
        cities = [(words, " ".join(names_of().get(zone, ()))) for words, zone in offered()]
        return {**shows, "list_id": list_id, "cities": cities}


class ZoneField(forms.CharField):
    """A time zone, said as a city; what it gives is a name of the IANA database."""

    widget = ZoneInput

    def __init__(self, **options: Any) -> None:
        said = {"required": _("Please name a city whose clock is yours.")}
        attrs = {"data-zone": "", "autocomplete": "off", "autocapitalize": "words"}
        super().__init__(max_length=100, error_messages=said, widget=ZoneInput(attrs), **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a city, and not the name of a file; what was typed stays as it is."""
        return in_words(value) if isinstance(value, str) and is_known(value) else value

    def clean(self, value: Any) -> str:
        """Return the one zone that is meant, or ask which."""
        typed = super().clean(value)
        if found := find(typed):
            return found
        if like := near(typed):
            cities = get_text_list([f"“{in_words(name)}”" for name in like], _("or"))
            meant = _("Which of these is it: %(cities)s? Please write it like that.")
            raise forms.ValidationError(meant, params={"cities": cities})
        raise forms.ValidationError(_("Please name a larger city whose clock shows the same time."))


class StartForm(forms.Form):
    """The first minute: a name, and where the couple's days begin and end."""

    name = NameField()
    day_zone = ZoneField(
        label=_("Your days follow the clock of"),
        help_text=_("A city near you two. It can be changed later."),
    )


class JoinForm(forms.Form):
    """Accepting an invitation: a name, if there is none yet, and one's own clock."""

    name = NameField()
    time_zone = ZoneField(
        label=_("Your clock shows the time of"),
        help_text=_("A city near you. Your partner does not see it."),
    )

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        if person.name:
            del self.fields["name"]
        if is_known(person.time_zone):
            del self.fields["time_zone"]


class MeForm(forms.Form):
    """What somebody can change about themselves at any time."""

    name = NameField()
    time_zone = ZoneField(
        label=_("Your clock shows the time of"),
        help_text=_("A city near you, for your reminders. Your partner does not see it."),
    )
