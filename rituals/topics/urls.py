"""Topics: the list, a draft, and one topic and its steps."""

from __future__ import annotations

from django.urls import path

from rituals.topics.views import acts as topic_acts
from rituals.topics.views import topics

urlpatterns = [
    path("", topics.topics, name="topics"),
    path("new/", topics.new, name="topic_new"),
    path("<uuid:topic_id>/", topics.topic, name="topic"),
    path("<uuid:topic_id>/draft/", topics.draft, name="topic_draft"),
    path("<uuid:topic_id>/removal/", topics.removal, name="topic_removal"),
    path("<uuid:topic_id>/raising/", topics.raising, name="topic_raising"),
    path("<uuid:topic_id>/muting/", topics.muting, name="topic_muting"),
    path("<uuid:topic_id>/unmuting/", topics.unmuting, name="topic_unmuting"),
    *(
        path(f"<uuid:topic_id>/{noun}/", view, name=f"topic_{noun}")
        for noun, view in topic_acts.views()
    ),
]
