"""`make audit`: a finding fails, a silent service is said, an answer is passed on."""

import sys

import pytest

from config.servers import audit


def stand_in(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Put a small program in the place of pip-audit."""
    monkeypatch.setattr(audit, "PIP_AUDIT", (sys.executable, "-c", code))


FOUND = "import sys; print('{\"dependencies\": []}'); sys.exit('--require-hashes' in sys.argv)"
CLEAN = "print('{\"dependencies\": []}')"
MISUSED = "import argparse; argparse.ArgumentParser().error('no such option')"
SILENT = "import sys; sys.exit('the service is out of reach')"


def test_a_finding_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, FOUND)
    assert audit.main(["requirements.txt"]) == 1


def test_no_finding_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, CLEAN)
    assert audit.main(["requirements.txt", "requirements-dev.txt"]) == 0


def test_a_service_out_of_reach_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(monkeypatch, SILENT)
    assert audit.main(["requirements.txt"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "requirements.txt: not audited (the advisory service cannot be reached)"
    ]


def test_a_command_line_that_makes_no_sense_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """An option that pip-audit no longer knows must not pass for a silent service."""
    stand_in(monkeypatch, MISUSED)
    with pytest.raises(SystemExit, match="no such option"):
        audit.main(["requirements.txt"])
