from django.apps import AppConfig


class RitualsConfig(AppConfig):
    """What we do every day."""

    name = "rituals"
