"""Makes `.venv` from requirements-dev.txt, and notices when it is not whole.

Run by the Makefile before anything else, with whatever Python there is, so it imports nothing
but the standard library and nothing of ours: `python3 -I config/servers/environment.py`.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "made-from.json"
REQUIREMENTS = ROOT / "requirements-dev.txt"
TOOLS = ROOT / ".data" / "tools"

# What pip was told about registries and certificates, and what uv calls the same.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
}


def stop(message: str) -> NoReturn:
    """End with one clear line on what to do."""
    sys.exit(f"Hi First: {message}")


def wanted() -> dict[str, str]:
    """Say what a whole environment is made from; a moved folder breaks the scripts inside."""
    return {
        "requirements": hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest(),
        "python": python_of(PYTHON),
        "folder": str(VENV),
    }


def python_of(python: Path) -> str:
    """Return the version of an interpreter, or an empty string when it does not run."""
    asked = "import sys; print('.'.join(map(str, sys.version_info[:3])))"
    try:
        return subprocess.run(
            [python, "-I", "-c", asked], capture_output=True, text=True, check=True, timeout=30
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def is_whole() -> bool:
    """Say whether `.venv` was made to the end, from these requirements, in this place."""
    try:
        made_from = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return bool(made_from == wanted() and made_from["python"])


def clear_what_cannot_be_mended() -> None:
    """Remove an environment whose interpreter is broken or whose folder was moved."""
    if not VENV.exists():
        return
    print("Hi First: the environment in .venv is not whole or out of date; making it again.")
    try:
        moved = json.loads(STAMP.read_text())["folder"] != str(VENV)
    except (OSError, ValueError, KeyError):
        moved = False
    if moved or not python_of(PYTHON):
        shutil.rmtree(VENV)


def works(uv: str) -> bool:
    """Say whether this uv runs: version managers leave stand-ins on the PATH that do not."""
    try:
        subprocess.run([uv, "--version"], capture_output=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def find_uv() -> str:
    """Return a working uv: the one on the PATH, or our own, fetched with pip if need be."""
    ours = TOOLS / "uv" / "bin" / "uv"
    for candidate in (shutil.which("uv"), str(ours)):
        if candidate and works(candidate):
            return candidate
    print("Hi First: fetching uv, which makes the environment (once).", flush=True)
    shutil.rmtree(TOOLS / "uv", ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", TOOLS / "uv"], check=False).returncode:
        stop("Python's venv module is missing. On Debian: apt-get install python3-venv")
    # The same version and hashes as everything else: its entry in requirements-dev.txt.
    pin = re.search(r"^uv==.*?(?=^\S)", REQUIREMENTS.read_text() + "\n.", re.MULTILINE | re.DOTALL)
    if pin is None:
        stop("requirements-dev.txt does not name uv; run `make requirements` in a whole checkout.")
    only_uv = TOOLS / "requirements-uv.txt"
    only_uv.write_text(pin[0])
    pip: list[str | Path] = [TOOLS / "uv" / "bin" / "python", "-m", "pip", "install", "--quiet"]
    run([*pip, "--require-hashes", "-r", only_uv], os.environ.copy())
    return str(ours)


def registry_settings() -> dict[str, str]:
    """Hand uv what pip was told (pip.conf, PIP_*), unless uv was told something itself."""
    ask = [sys.executable, "-m", "pip", "config", "list"]
    asked = subprocess.run(ask, capture_output=True, text=True, check=False)
    told: dict[str, str] = {}
    for line in asked.stdout.splitlines():
        key, _, value = line.partition("=")
        name = PIP_TO_UV.get(key.rpartition(".")[2])
        if name and name not in os.environ:
            told[name] = " ".join(value.strip("'\"").replace("\\n", " ").split())
    if "UV_FIND_LINKS" in told:
        told["UV_FIND_LINKS"] = told["UV_FIND_LINKS"].replace(" ", ",")
    if "UV_INDEX" in told:
        # Safe, as every file must have a hash that is committed here.
        told["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return told


def run(command: list[str | Path], environment: dict[str, str]) -> None:
    """Run one step; its failure ends everything with what to do."""
    if subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode:
        stop(
            "the environment could not be made (the reason is above). It needs a package registry"
            " over the network once; connect, or set up pip for yours, and repeat the command."
        )


def make() -> None:
    """Make or mend `.venv`; the stamp is written last, so an interruption is noticed."""
    clear_what_cannot_be_mended()
    uv = find_uv()
    environment = {**registry_settings(), **os.environ}
    if not VENV.exists():
        print("Hi First: making the environment (once; some minutes on a slow line).", flush=True)
        run([uv, "venv", "--quiet", "--python", sys.executable, VENV], environment)
    STAMP.unlink(missing_ok=True)
    sync: list[str | Path] = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON]
    # Compiled once, here: every start of Django would otherwise compile what it imports.
    run([*sync, "--compile-bytecode", REQUIREMENTS], environment)
    STAMP.write_text(json.dumps(wanted()))


def main() -> None:
    """Leave with a whole environment; at once when it is whole already."""
    if sys.version_info < (3, 12):  # noqa: UP036  this file meets Pythons before ours
        stop(f"Python 3.12 or newer is needed; this is {sys.version.split()[0]}.")
    if is_whole():
        return
    TOOLS.mkdir(parents=True, exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two `make` at once in one checkout
        if not is_whole():
            make()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
