"""`make audit`: pip-audit over the requirement files, with an honest word when it cannot ask."""

import importlib.metadata
import subprocess
import sys
import tempfile
from pathlib import Path

MISUSED = 2
"""What argparse exits with when a command line makes no sense."""

# Everything is pinned and hashed, so nothing needs to be resolved, fetched or installed.
PIP_AUDIT = (sys.executable, "-m", "pip_audit", "--strict", "--disable-pip")


def service_answers() -> bool:
    """Say whether the advisory service can be asked, by asking about one well-known package.

    A firewall, or a mirror that knows files but no advisories, has no answer about it; it does
    not matter here whether the answer is good or bad. Raises SystemExit when pip-audit does not
    know what it is asked: that is our own mistake, and no network's.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as question:
        question.write(f"django=={importlib.metadata.version('django')}\n")
        question.flush()
        command = [*PIP_AUDIT, "--no-deps", "--format", "json", "--requirement", question.name]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
    if asked.returncode == MISUSED:
        sys.exit(asked.stderr)
    return '"dependencies"' in asked.stdout


def audit(requirements: Path) -> int:
    """Audit one requirement file and print the outcome; return pip-audit's exit code."""
    command = [*PIP_AUDIT, "--require-hashes", "--progress-spinner", "off"]
    print(f"{requirements}:", flush=True)
    return subprocess.run([*command, "--requirement", requirements], check=False).returncode


def main(names: list[str]) -> int:
    """Audit every file, also after a finding in an earlier one; return 1 for any finding."""
    if not service_answers():
        print(f"{' and '.join(names)}: not audited (the advisory service cannot be reached)")
        return 0
    outcomes = [audit(Path(name)) for name in names]
    return int(any(outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
