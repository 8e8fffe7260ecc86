"""What comes between the two: the list, one of them and its steps."""

from __future__ import annotations

from django.urls import path

from couples.thirds import views as thirds

urlpatterns = [
    path("", thirds.thirds, name="thirds"),
    path("new/", thirds.new, name="third_new"),
    path("let-go/", thirds.let_go, name="thirds_let_go"),
    path("<uuid:third_id>/", thirds.third, name="third"),
    path("<uuid:third_id>/agreements/", thirds.agreements, name="third_agreements"),
    path("<uuid:third_id>/endings/", thirds.endings, name="third_endings"),
    path("<uuid:third_id>/moments/", thirds.moments, name="third_moments"),
    path("<uuid:third_id>/principles/", thirds.principles, name="third_principles"),
]
