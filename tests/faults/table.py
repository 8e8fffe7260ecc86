"""The table of faults, row by row (the rows that come later have a number already)."""

from __future__ import annotations

from tests.faults import lost_workers
from tests.faults.registry import Fault

FAULTS = (
    Fault(1, "worker killed while attempting", lost_workers.killed_while_attempting),
    Fault(2, "worker killed while handed", lost_workers.killed_while_handed),
    Fault(3, "worker frozen past its lease", lost_workers.frozen_past_the_lease),
)
