from django.apps import AppConfig
from django.db.models.signals import post_delete


class CouplesConfig(AppConfig):
    """Who we are to each other."""

    name = "couples"

    def ready(self) -> None:
        """Close the live streams of a session together with the session."""
        from django.contrib.sessions.models import Session

        from couples.delivery.live import session_gone

        post_delete.connect(session_gone, sender=Session)
