"""How every form is drawn, the sign-in library's too: what went wrong takes the focus."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField, Textarea
from django.forms.renderers import TemplatesSetting


class FieldInFocus(BoundField):
    """A field that is begun with where its words could not be taken.

    Of several the browser takes the first; no other field keeps an `autofocus` of its own then.
    What is not about one field is focused by templates/django/forms/errors/list.
    """

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """Return Django's attributes, which tie the error to the field, and the focus."""
        built = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        if isinstance(shown, Textarea) or getattr(shown, "input_type", "") == "text":
            built["dir"] = "auto"  # words take their own direction
        if not shown.is_hidden and self.form.is_bound and self.form.errors:
            built["autofocus"] = bool(self.errors)
        return built


class Renderer(TemplatesSetting):
    """The project's own templates for forms, and its own field."""

    bound_field_class = FieldInFocus
