"""A pytest plug-in for `make hours`: sleeping, where libfaketime has broken it.

Left to fake the monotonic clock, the library lets a lock with a time-out wait for ever; told not to
(FAKETIME_DONT_FAKE_MONOTONIC), it still takes the difference off the instant until which
`time.sleep` sleeps (clock_nanosleep, absolute), which is then no time at all: EINVAL.
"""

import select
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex, /) -> None:
    """Wait so many seconds by another call."""
    select.select([], [], [], float(seconds))


time.sleep = sleep
