"""The short pages: six ideas behind the practice, each in the time of a cup of tea."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Lesson:
    """One page: its address under /learn/, its title, and what it is about in a line."""

    slug: str
    title: Promise
    about: Promise

    @property
    def name(self) -> str:
        """The name of its URL."""
        return f"learn_{self.slug.replace('-', '_')}"

    @property
    def template(self) -> str:
        """Where its words stand."""
        return f"learn/{self.slug}.html"


LESSONS = (
    Lesson(
        "acting-secure",
        _("Acting secure before feeling secure"),
        _("What you do can come first. Feelings have their own pace."),
    ),
    Lesson(
        "hello",
        _("Why hello comes first"),
        _("One minute in which two days become the same evening."),
    ),
    Lesson(
        "repair",
        _("Why repair is not agreement"),
        _("Safe with each other again, and of two minds as before."),
    ),
    Lesson(
        "thirds",
        _("Thirds without isolation"),
        _("Work, screens, family: what can come between, and what belongs to a good life."),
    ),
    Lesson(
        "imperfect",
        _("Nobody does it perfectly"),
        _("Losing each other and finding each other again is how it goes."),
    ),
    Lesson(
        "what-this-is-not",
        _("What this app is not"),
        _("No treatment, no emergency line, no proof of anything."),
    ),
)
"""In the order in which they are best read."""


def after(lesson: Lesson) -> Lesson | None:
    """Return the page to read next, or None after the last."""
    following = LESSONS.index(lesson) + 1
    return LESSONS[following] if following < len(LESSONS) else None
