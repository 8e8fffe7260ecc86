"""What the tests need from the system: a Redis, two browsers, a Caddy, a clock that is wrong."""

import os
import shutil
import subprocess
from pathlib import Path

from config.servers.programs import CannotStart
from config.servers.redis import real_server

REDIS, BROWSER, FIREFOX = "redis-server", "chromium", "firefox-esr"
PROXY, CLOCK = "caddy", "libfaketime"
"""Debian's packages."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FIREFOXES = ("firefox-esr", "firefox")
PLAYWRIGHTS_OWN = "chromium-*/chrome-*/chrome*"
"""Where `playwright install chromium` puts it, below its folder of browsers."""


def browser() -> str | None:
    """Return the path of Chromium if the system has one (Playwright's own is found by itself)."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def firefox() -> str | None:
    """Return the path of the system's own Firefox; Playwright's build of it is not asked for."""
    return next((found for name in FIREFOXES if (found := shutil.which(name))), None)


def clock_in_disguise() -> Path | None:
    """Return the library that lets one process believe in another time, if the system has it."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


def needed(command: list[str]) -> list[str]:
    """Return the packages that running `command` needs; the fast inner loop opens no browser."""
    return [REDIS] if "quick-checks" in command else [REDIS, BROWSER, FIREFOX, PROXY]


def missing(packages: list[str]) -> list[str]:
    """Return those of the packages whose program is not there in any form."""
    there = {
        REDIS: bool(os.environ.get("REDIS_URL") or real_server()),
        BROWSER: bool(browser() or _playwrights_own()),
        FIREFOX: firefox() is not None,
        PROXY: shutil.which("caddy") is not None,
        CLOCK: clock_in_disguise() is not None,
    }
    return [package for package in packages if not there[package]]


def wish_for(packages: list[str]) -> None:
    """Install packages that the tests can do without, where we may; say it when it did not work."""
    if missing(packages) and _apt() is not None:
        try:
            install(missing(packages))
        except CannotStart as reason:
            print(f"Hi First: {reason}", flush=True)


def install(packages: list[str]) -> None:
    """Install packages where we may (root on Debian).

    Raises CannotStart with what to do where we may not, or where it did not work.
    """
    if not packages:
        return
    wanted = ", ".join(packages)
    apt = _apt()
    if apt is None:
        raise CannotStart(f"the tests need {wanted}. Install what is missing, and repeat this.")
    print(f"Hi First: installing {wanted} for the tests (apt-get, once).", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    get = [apt, "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    for command in ([apt, "update", "--quiet"], get):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotStart(
                f"the tests need {wanted}, and `{' '.join(command)}` failed:\n{done.stderr.strip()}"
            )


def _apt() -> str | None:
    """Return what installs packages here, or None where we may not (root on Debian may)."""
    may = os.geteuid() == 0 and Path("/etc/debian_version").exists()
    return shutil.which("apt-get") if may else None


def _playwrights_own() -> bool:
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright"
    return any(Path(folder).glob(PLAYWRIGHTS_OWN))
