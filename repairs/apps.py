from django.apps import AppConfig


class RepairsConfig(AppConfig):
    """How we come back."""

    name = "repairs"
