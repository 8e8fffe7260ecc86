from django.apps import AppConfig


class TherapistsConfig(AppConfig):
    """Therapists: who helps us."""

    name = "therapists"
