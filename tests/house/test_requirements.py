"""What is tested is what ships: the two requirement files are one resolution."""

import re

from config.servers.supervisor import ROOT

PIN = re.compile(r"([A-Za-z0-9._-]+)==(\S+)")
HASH = re.compile(r"--hash=(\S+)")
SHIPPED, TESTED = "requirements.txt", "requirements-dev.txt"


def pins(file: str) -> dict[str, set[tuple[str, frozenset[str]]]]:
    """Return each package of a file with its versions, and the hashes of each."""
    found: dict[str, set[tuple[str, frozenset[str]]]] = {}
    for entry in (ROOT / file).read_text().replace("\\\n", " ").splitlines():
        if pin := PIN.match(entry):
            found.setdefault(pin[1], set()).add((pin[2], frozenset(HASH.findall(entry))))
    return found


def test_every_package_that_ships_is_tested_in_the_same_version_and_files() -> None:
    shipped, tested = pins(SHIPPED), pins(TESTED)
    assert len(shipped) > 20
    assert {name: tested.get(name) for name in shipped} == shipped


def test_the_shipped_file_is_compiled_within_the_tested_one() -> None:
    rule = (ROOT / "Makefile").read_text().partition("\nrequirements:")[2].partition("\n\n")[0]
    compiled = [line for line in rule.splitlines() if "$(COMPILE)" in line]
    assert [line.rsplit(maxsplit=1)[-1] for line in compiled] == [TESTED, SHIPPED]
    assert f"--constraint {TESTED}" in compiled[1]
