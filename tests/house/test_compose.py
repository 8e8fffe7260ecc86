"""The production arrangement, held together with the table that drives `make run`."""

import re
import subprocess
from typing import Any

import pytest
from ruamel.yaml import YAML

from config.checks import KEPT_FREE, connections_kept
from config.servers.programs import BIN
from config.servers.supervisor import ROOT
from config.servers.table import APP, PROCESSES, Process

COMPOSE = ROOT / "docker-compose.yml"
OURS = [process for process in PROCESSES if process.in_production]
STORES = ("postgres", "redis")
SUPERUSERS = 3
"""Connections that PostgreSQL keeps for them, unless told otherwise."""

Service = dict[str, Any]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(YAML(typ="safe", pure=True).load(COMPOSE))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Service]:
    return dict(compose["services"])


def test_it_fits_the_schema_of_compose_files() -> None:
    checker = BIN / "check-jsonschema"
    checked = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", COMPOSE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_it_has_our_processes_and_what_they_need(services: dict[str, Service]) -> None:
    ours = {process.name for process in OURS}
    assert set(services) == ours | {"caddy", "migrate", "postgres", "redis"}


@pytest.mark.parametrize("process", OURS, ids=lambda process: process.name)
def test_it_starts_what_make_run_starts(process: Process, services: dict[str, Service]) -> None:
    service = services[process.name]
    assert tuple(service["command"]) == process.command
    assert set(service["environment"]) == set(process.environment)


def given(services: dict[str, Service], service: str, name: str) -> int:
    """Return what a number of the compose file is, unless somebody sets it otherwise."""
    stands = str(services[service]["environment"][name])
    return int(re.sub(r"^\$\{\w+:-(\d+)\}$", r"\1", stands))


def test_the_database_lets_all_of_them_in_and_more(services: dict[str, Service]) -> None:
    (limit,) = re.findall(
        r"max_connections=\$\{MAX_CONNECTIONS:-(\d+)\}", str(services["postgres"])
    )
    kept = connections_kept(
        web_workers=given(services, "web", "GRANIAN_WORKERS"),
        pages_at_once=given(services, "web", "PAGES_AT_ONCE"),
        worker_processes=given(services, "worker", "WORKER_PROCESSES"),
    )
    assert given(services, "live", "GRANIAN_WORKERS") == 1
    assert kept + KEPT_FREE + SUPERUSERS <= int(limit)
    # What is added up before the start is what is started.
    sizes = ("PAGES_AT_ONCE", "WEB_WORKERS", "WORKER_PROCESSES")
    everywhere = [services[name]["environment"] for name in ("migrate", "web", "live", "worker")]
    for size in sizes:
        assert len({str(each[size]) for each in everywhere}) == 1, size
    web = services["web"]["environment"]
    assert web["GRANIAN_WORKERS"] == web["WEB_WORKERS"]


def test_tables_are_made_with_the_same_environment(services: dict[str, Service]) -> None:
    assert set(services["migrate"]["environment"]) == set(APP)


def test_the_table_names_what_settings_read() -> None:
    settings = (ROOT / "config/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    must_be_given = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"\)', settings))
    assert must_be_given <= set(APP) <= read


def test_it_keeps_what_must_be_kept(services: dict[str, Service]) -> None:
    assert services["postgres"]["image"] == "postgres:18"
    assert services["postgres"]["volumes"] == ["postgres-data:/var/lib/postgresql"]
    assert services["redis"]["image"] == "redis:8"
    assert "--appendonly yes --dir /data" in " ".join(services["redis"]["command"])
    assert services["redis"]["volumes"] == ["redis-data:/data"]


def test_every_service_comes_back_and_says_how_it_is(services: dict[str, Service]) -> None:
    for name, service in services.items():
        if name != "migrate":  # it runs to its end, once
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"], name


def test_no_service_has_rights_it_does_not_need(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    assert services["caddy"]["cap_add"] == ["NET_BIND_SERVICE"]
    assert [name for name, service in services.items() if "cap_add" in service] == ["caddy"]


def test_only_caddy_is_root_and_only_caddy_is_reachable(services: dict[str, Service]) -> None:
    for name in STORES:
        assert services[name]["user"] == name
        assert services[name]["networks"] == ["inside"]
    built = [name for name, service in services.items() if "build" in service]
    assert set(built) == set(services) - {"caddy", *STORES}
    assert re.search(r"^USER hifirst$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]


def test_no_secret_stands_in_it(services: dict[str, Service]) -> None:
    secret = re.compile(r"(KEY|PASSWORD|AUTH$|_URL)")
    for name, service in services.items():
        for variable, value in service["environment"].items():
            if secret.search(variable):
                assert "${" in value, f"{name}: {variable}"
                # Without a value there is no start: nothing falls back to a known password.
                assert ":-" not in value, f"{name}: {variable}"


def test_the_live_stream_passes_caddy_unhindered(compose: dict[str, Any]) -> None:
    caddyfile = compose["configs"]["caddyfile"]["content"]
    live, rest = caddyfile.split("handle {")
    assert "handle /live/*" in live
    assert "reverse_proxy live:8000" in live
    assert "flush_interval -1" in live
    assert "encode" not in live
    assert "reverse_proxy web:8000" in rest


def test_one_proxy_is_trusted_and_passes_no_header_on_that_wsgi_would_mistake(
    compose: dict[str, Any], services: dict[str, Service]
) -> None:
    assert services["web"]["environment"]["TRUSTED_PROXIES"] == "1"
    before_both = compose["configs"]["caddyfile"]["content"].partition("handle ")[0]
    assert "request_header -*_*" in before_both


def test_the_image_is_made_from_pinned_and_hashed_files() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "FROM python:3.13-slim" in dockerfile
    assert "--require-hashes" in dockerfile
    assert "requirements-dev" not in dockerfile
    assert dockerfile.index("collectstatic") < dockerfile.index("USER hifirst")


def test_the_image_holds_only_what_is_named() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    let_in = {line.strip("!/") for line in ignored if line.startswith("!")}
    assert all((ROOT / name).exists() for name in let_in)
    assert not let_in & {".git", ".data", ".env", "tests", "requirements-dev.txt"}
