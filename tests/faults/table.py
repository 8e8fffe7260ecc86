"""The table of faults, row by row."""

from __future__ import annotations

from tests.faults import (
    answers,
    crowds,
    lost_workers,
    postgres_faults,
    redis_faults,
    two_phones,
    zones,
)
from tests.faults.registry import Fault

FAULTS = (
    Fault(1, "worker killed while attempting", lost_workers.killed_while_attempting),
    Fault(2, "worker killed while handed", lost_workers.killed_while_handed),
    Fault(3, "worker frozen past its lease", lost_workers.frozen_past_the_lease),
    Fault(4, "Redis killed or emptied", redis_faults.killed_or_emptied),
    Fault(5, "Redis restarted five times", redis_faults.restarted_five_times),
    Fault(6, "Redis full or gone", redis_faults.full_or_gone),
    Fault(7, "PostgreSQL stopped at once", postgres_faults.stopped_at_once),
    Fault(8, "PostgreSQL killed in mid-commit", postgres_faults.killed_in_mid_commit),
    Fault(9, "two beats and ten dispatchers", crowds.two_beats_and_ten_dispatchers),
    Fault(10, "a clock two hours off", crowds.a_clock_two_hours_off),
    Fault(11, "clock changes, zones, changed times", zones.clock_changes),
    Fault(12, "both partners in the same instant", two_phones.both_in_one_instant),
    Fault(13, "taps five times and out of order", two_phones.replayed_out_of_order),
    Fault(14, "live stream cut", two_phones.stream_cut),
    Fault(15, "silent and refusing servers", answers.bad_answers),
)
