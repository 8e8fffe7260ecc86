#!/usr/bin/env bash
# Under libfaketime with the monotonic clock left alone, Python's time.sleep fails with EINVAL.
#
# One would guess: FAKETIME_DONT_FAKE_MONOTONIC=1 is the careful setting. Only the calendar moves; whatever
# measures or waits goes by the monotonic clock and is not touched.
# What happens: every time.sleep raises OSError 22. CPython waits with clock_nanosleep until an absolute moment
# of the monotonic clock (since 3.11); the library takes the call and refuses it. With the monotonic clock faked
# as well, the same sleep works (and a lock with a time limit may then wait for ever).
# Why it matters: a test suite that is run at another hour this way fails wherever something polls, and the
# error names neither the library nor the clock.
# Needs Debian's libfaketime (0.9.10 when this was written).
set -euo pipefail
library=$(ls /usr/lib/*/faketime/libfaketime.so.1)
dpkg-query --showformat='libfaketime ${Version}\n' --show libfaketime
asleep='import sys, time
try:
    time.sleep(0.05)
    print(sys.version.split()[0], "slept")
except OSError as error:
    print(sys.version.split()[0], "OSError", error.errno)'
careful=$(LD_PRELOAD=$library FAKETIME=+1h FAKETIME_DONT_FAKE_MONOTONIC=1 python3 -c "$asleep")
both=$(LD_PRELOAD=$library FAKETIME=+1h python3 -c "$asleep")
echo "monotonic clock left alone: $careful"
echo "monotonic clock faked too:  $both"
[[ $careful == *"OSError 22" && $both == *"slept" ]]
echo "still so: the careful setting makes every sleep fail"
# Seen: libfaketime 0.9.10-2.1, Python 3.13.0
#   monotonic clock left alone: 3.13.0 OSError 22
#   monotonic clock faked too:  3.13.0 slept
