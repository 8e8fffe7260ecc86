from django.apps import AppConfig


class HouseConfig(AppConfig):
    """How the house is put together."""

    name = "config"

    def ready(self) -> None:
        """Have the checks of the arrangement run with Django's own."""
        from config import checks  # noqa: F401
