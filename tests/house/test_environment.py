"""The environment, made by `make env` in a small tree of its own; nothing is fetched here."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from config.servers.programs import BIN
from config.servers.supervisor import ROOT

pytestmark = pytest.mark.process

AGAIN = "not whole or out of date; making it again"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What the environment is made with, and requirements that ask for nothing."""
    tree = tmp_path / "clone"
    (tree / "config" / "servers").mkdir(parents=True)
    for name in ("Makefile", ".python-version", "config/servers/environment.py"):
        shutil.copy(ROOT / name, tree / name)
    (tree / "requirements-dev.txt").write_text("")
    return tree


def make_env(tree: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"  # our uv is there
    return subprocess.run(
        [shutil.which("make") or "make", "env"],
        cwd=tree,
        env={**os.environ, "PATH": path, "UV_OFFLINE": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_is_made_once(tree: Path) -> None:
    first = make_env(tree)
    assert first.returncode == 0, first.stderr
    assert "making the environment" in first.stdout
    second = make_env(tree)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


@pytest.mark.parametrize("broken", ["bin/python", "made-from.json"])
def test_one_that_is_not_whole_is_noticed_and_made_again(tree: Path, broken: str) -> None:
    make_env(tree)
    (tree / ".venv" / broken).unlink()
    again = make_env(tree)
    assert again.returncode == 0, again.stderr
    assert AGAIN in again.stdout
    assert make_env(tree).stdout == ""


def test_other_requirements_and_another_place_make_it_again(tree: Path) -> None:
    make_env(tree)
    (tree / "requirements-dev.txt").write_text("# changed\n")
    assert AGAIN in make_env(tree).stdout
    moved = tree.rename(tree.with_name("moved"))
    assert AGAIN in make_env(moved).stdout
    assert make_env(moved).stdout == ""


def test_without_a_network_it_says_what_it_needs(tree: Path) -> None:
    unheard_of = f"unheard-of==1 --hash=sha256:{'0' * 64}\n"
    (tree / "requirements-dev.txt").write_text(unheard_of)
    failed = make_env(tree)
    assert failed.returncode != 0
    assert "needs a package registry over the network once" in failed.stderr
    assert "Traceback" not in failed.stderr
    # And it is not taken for whole afterwards.
    assert AGAIN in make_env(tree).stdout


def test_without_python_it_says_what_to_install(tree: Path) -> None:
    nowhere = {"PATH": "/nowhere", "PYENV_ROOT": "/nowhere", "HOME": "/nowhere"}
    failed = make_env(tree, **nowhere)
    assert failed.returncode != 0
    assert "Python 3.12 or newer is needed and was not found" in failed.stderr
