"""Every row of the table of faults, once (`make faults` runs each many times)."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.faults.ground import Ground
from tests.faults.registry import Fault, NotRun, Tally, run
from tests.faults.table import FAULTS

pytestmark = pytest.mark.process


@pytest.fixture(scope="session")
def laid() -> Iterator[Ground]:
    """Servers of the faults' own: here a database is killed, and a Redis filled up."""
    with Ground.laid() as ground:
        yield ground


@pytest.fixture
def ground(laid: Ground, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    """The ground under the models of this process, for one test."""
    with django_db_blocker.unblock(), laid.here():
        yield laid


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.number} {fault.name}")
def test_nothing_is_lost_and_nothing_comes_twice(fault: Fault, ground: Ground) -> None:
    seed = random.randrange(1_000_000)
    try:
        tally = run(fault, ground, [seed])
    except NotRun as reason:
        pytest.skip(str(reason))
    except AssertionError as never:
        pytest.fail(f"SEED={seed}: {never}\n{ground.last_words()}")
    assert tally.holds, f"SEED={seed}: {tally}\n{ground.last_words()}"


def test_what_is_lost_or_doubled_does_not_hold() -> None:
    assert (Tally(ambiguous=3) + Tally(note="measured")).holds
    assert not (Tally() + Tally(lost=1)).holds
    assert not (Tally(doubled=1) + Tally()).holds
