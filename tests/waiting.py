"""Waiting for something that happens in another process: look again until a deadline."""

import time
from collections.abc import Callable

PAUSE = 0.02
"""Seconds between two looks."""


def eventually[Found](check: Callable[[], Found], *, within: float, what: str) -> Found:
    """Return the first true answer of `check`; fail the test after `within` seconds.

    `what` says what was waited for, as the end of the sentence "did not happen in time: …".
    """
    deadline = time.monotonic() + within
    while True:
        if found := check():
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"did not happen in time ({within:g} s): {what}")
        time.sleep(PAUSE)
