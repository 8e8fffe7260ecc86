"""Short pages to read, open to everybody. What somebody reads is kept nowhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from couples.access import anyone, enter, find_partner
from couples.learning import LESSONS, Lesson, after


@enter(anyone)
@require_safe
def learn(request: HttpRequest) -> HttpResponse:
    """All of them, in the order in which they are best read."""
    return _page(request, "learn/learn.html", {"lessons": LESSONS})


@enter(anyone)
@require_safe
def lesson(request: HttpRequest, lesson: Lesson) -> HttpResponse:
    """One of them, and the way to the next."""
    return _page(request, lesson.template, {"lesson": lesson, "after": after(lesson)})


def _page(request: HttpRequest, template: str, shows: dict[str, object]) -> HttpResponse:
    if request.user.is_authenticated:
        find_partner(request)  # so that the way back to the rooms is there
    return render(request, template, shows)
