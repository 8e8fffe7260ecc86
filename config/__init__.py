"""How the house is put together."""

import zoneinfo

# One source for the rules of all clocks, in every process that is ours: the package tzdata, pinned
# and hashed like all else. A machine's own files may be years old, or lack names that browsers say.
zoneinfo.reset_tzpath(())
zoneinfo.ZoneInfo.clear_cache()

from config.celery import app as celery_app  # noqa: E402  no clock is read before this

__all__ = ["celery_app"]
