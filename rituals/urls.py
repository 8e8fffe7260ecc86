"""Rituals: the page about them, and the taps of every day."""

from __future__ import annotations

from django.urls import include, path

from rituals.appreciations import views as appreciations
from rituals.days.views import practice
from rituals.good_days import views as good_days

urlpatterns = [
    path("asks/", include("rituals.asks.urls")),
    path("topics/", include("rituals.topics.urls")),
    path("our-time/", include("rituals.meetings.urls")),
    path("appreciations/", appreciations.appreciations, name="appreciations"),
    path("us/felt/", include("rituals.felt.urls")),
    path("rituals/", include("rituals.days.urls")),
    path("me/practice/", practice.practice, name="my_practice"),
    path("rituals/good-days/", good_days.good_days, name="good_days"),
]
