"""Today, Us, and how safe it feels."""

from __future__ import annotations

from django.urls import path

from pages import felt, today, us

urlpatterns = [
    path("", today.today, name="today"),
    path("us/", us.us, name="us"),
    path("us/felt/", felt.felt, name="felt"),
]
