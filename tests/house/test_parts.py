"""The parts of the machine, each alone."""

import email.policy
import json
import os
import socket
import stat
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import psutil
import pytest

from config.servers import mail, postgres, redis, tools
from config.servers.home import Home
from config.servers.programs import LOOPBACK, CannotStart, free_port, port_is_free
from config.servers.run import wanted_port


def test_what_the_tests_need_is_said_in_one_line_where_it_cannot_be_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PATH": str(tmp_path), "HOME": str(tmp_path), "REDIS_URL": ""}.items():
        monkeypatch.setenv(name, value)
    packages = tools.missing(tools.needed(["make", "all-checks"]))
    assert packages == ["redis-server", "chromium", "firefox-esr", "caddy"]
    needed = "the tests need redis-server, chromium, firefox-esr, caddy"
    with pytest.raises(CannotStart, match=needed) as told:
        tools.install(packages)
    assert len(str(told.value).splitlines()) == 1


def test_a_chromium_of_playwrights_own_will_do_and_the_inner_loop_opens_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:6379/0")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert tools.needed(["make", "quick-checks"]) == ["redis-server"]
    assert tools.missing(tools.needed(["make", "tests"])) == ["chromium", "firefox-esr", "caddy"]
    own = tmp_path / "chromium-1200" / "chrome-linux" / "chrome"
    own.parent.mkdir(parents=True)
    own.touch()
    assert tools.missing(tools.needed(["make", "tests"])) == ["firefox-esr", "caddy"]


def test_packages_that_cannot_be_fetched_stop_the_tests_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\necho no network >&2\nexit 100\n")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(Path, "exists", lambda _self: True)
    with pytest.raises(CannotStart, match="no network"):
        tools.install(["chromium"])


def test_what_the_tests_can_do_without_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\necho no network >&2\nexit 100\n")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(tools, "clock_in_disguise", lambda: None)
    monkeypatch.setattr(Path, "exists", lambda _self: True)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    tools.wish_for([tools.CLOCK])
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    tools.wish_for([tools.CLOCK])
    assert "no network" in capsys.readouterr().out


def test_a_free_port_can_be_had_and_a_taken_one_is_noticed() -> None:
    port = free_port()
    assert port_is_free(port)
    with socket.create_server((LOOPBACK, port)):
        assert not port_is_free(port)


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_a_port_taken_on_the_other_loopback_address_is_taken() -> None:
    port = free_port()
    with socket.create_server(("::1", port), family=socket.AF_INET6):
        assert not port_is_free(port)


@pytest.mark.parametrize("text", ["", "eighty", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(CannotStart, match="make run PORT=8100"):
        wanted_port(text)


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    first = Home(tmp_path).secrets()
    assert Home(tmp_path).secrets() == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert len(set(first.values())) == len(first)


def test_a_folder_serves_one_copy_at_a_time(tmp_path: Path) -> None:
    with Home(tmp_path).locked():
        refused = pytest.raises(CannotStart, match=f"process {os.getpid()}")
        with refused, Home(tmp_path).locked():
            pass
    with Home(tmp_path).locked():
        pass


def test_what_a_killed_run_left_behind_is_ended(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with subprocess.Popen(["sleep", "600"]) as left:
        home.remember([left.pid])
        assert home.clear_leftovers() == 1
        assert not psutil.pid_exists(left.pid)


def test_a_process_that_merely_got_the_same_number_is_left_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with subprocess.Popen(["sleep", "600"]) as stranger:
        started = psutil.Process(stranger.pid).create_time()
        (tmp_path / "children.json").write_text(json.dumps([[stranger.pid, started - 3600]]))
        assert home.clear_leftovers() == 0
        assert stranger.poll() is None
        stranger.kill()


def test_a_mail_is_shown_as_a_person_reads_it() -> None:
    message = EmailMessage(policy=email.policy.default)
    message["From"] = "Hi First <hello@hifirst.example>"
    message["To"] = "ana@example.com"
    message["Subject"] = "Hi First: your code — très important"
    message.set_content("Your code is 123 456.\n\nÀ bientôt")
    message.add_alternative("<p>Your code is <b>123 456</b>.</p>", subtype="html")
    received = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    shown = mail.readable(received)
    assert "Subject: Hi First: your code — très important" in shown
    assert "Your code is 123 456.\n\nÀ bientôt" in shown
    assert "<b>" not in shown


def test_without_a_real_redis_an_imitation_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program, url = redis.program(tmp_path, "secret")
    assert program.command[:3] == (sys.executable, "-m", "config.servers.imitation")
    assert "secret" not in url


def test_passwords_are_in_no_command_line(homes: Path) -> None:
    database, database_url = postgres.program(homes / "postgres", "secret1")
    broker, _ = redis.program(homes, "secret2")
    assert "secret1" in database_url
    assert "secret" not in " ".join((*database.command, *broker.command))
    assert [path.name for path in homes.glob("postgres*")] == ["postgres"]


@pytest.mark.parametrize("content", ["", "rubbish", "{alive}\n/elsewhere\n", "999999999\n"])
def test_a_stale_lock_of_postgresql_is_cleared(homes: Path, content: str) -> None:
    folder = homes / "postgres"
    postgres.program(folder, "secret")
    (folder / "postmaster.pid").write_text(content.format(alive=os.getpid()))
    postgres.program(folder, "secret")
    assert not (folder / "postmaster.pid").exists()
