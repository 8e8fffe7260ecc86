from django.apps import AppConfig
from django.db.models.signals import post_delete


class CouplesConfig(AppConfig):
    """Who we are to each other."""

    name = "couples"

    def ready(self) -> None:
        """Refuse to start with push keys that are no pair; hear what ends and what is proved.

        And have the rules of clocks looked at whenever Django checks itself.
        """
        from allauth.account import signals
        from django.contrib.sessions.models import Session
        from django.core.checks import register

        from couples import zone_checks  # noqa: F401  it registers itself
        from couples.accounts import proof
        from couples.checks import environment
        from couples.delivery.vapid import key_pair
        from couples.live.publisher import session_gone

        register(environment, "environment")
        key_pair()
        post_delete.connect(session_gone, sender=Session)
        signals.email_confirmed.connect(proof.on_confirmed)
        signals.authentication_step_completed.connect(proof.on_step)
        for new in (signals.password_set, signals.password_changed, signals.password_reset):
            new.connect(proof.on_new_password)
