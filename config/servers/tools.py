"""What the tests need from the system: a real Redis and a browser."""

import os
import shutil
import subprocess
from pathlib import Path

from config.servers.redis import real_server


def browser() -> str | None:
    """Return the path of Chromium if the system has one (Playwright's own is found by itself)."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def missing() -> list[str]:
    """Return the names of Debian's packages for what is not there."""
    redis = [] if os.environ.get("REDIS_URL") or real_server() else ["redis-server"]
    return redis + ([] if browser() else ["chromium"])


def install_missing() -> None:
    """Install what is missing where we may (root on Debian); elsewhere say what to install."""
    packages = missing()
    if not packages:
        return
    wanted = " and ".join(packages)
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or apt is None or not Path("/etc/debian_version").exists():
        print(f"Hi First: the tests need {wanted}; please install what is missing.", flush=True)
        return
    print(f"Hi First: installing {wanted} for the tests (apt-get, once).", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [apt, "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    for command in ([apt, "update", "--quiet"], install):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"Hi First: `{' '.join(command)}` failed:\n{done.stderr.strip()}", flush=True)
            return
