# Two commands on a bare clone: `make run` and `make test`. `make help` lists the others.

PORT ?= 8000
DATA_DIR ?= .data
WORKERS ?= 2
TESTS ?= tests
export PORT DATA_DIR

PYTHON := .venv/bin/python
SERVERS := exec $(PYTHON) -m config.servers
MAKE_QUIETLY := $(MAKE) --no-print-directory
# The rules of clocks are always the newest: whatever else stays as it is pinned.
COMPILE := $(PYTHON) -m uv pip compile --quiet pyproject.toml --universal --python-version 3.12 \
	--upgrade-package tzdata \
	--generate-hashes --no-emit-index-url --no-annotate --no-header --custom-compile-command "make requirements"

.DEFAULT_GOAL := help
.PHONY: help run test check bench faults hours pictures audit requirements env all-checks quick-checks \
	format lint types contract migrations deploy tests quick-tests

help: ## list what can be asked for
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: env ## everything on one port with the demo couple (PORT=8000 DATA_DIR=.data)
	@$(SERVERS) run

test: env ## all that CI checks: format, lint, types, contract, migrations, deploy, tests
	@$(SERVERS) test -- $(MAKE_QUIETLY) all-checks

check: env ## the fast inner loop: form, types, contract, and the tests that need no database
	@$(SERVERS) test -- $(MAKE_QUIETLY) quick-checks

bench: env ## how fast it is, as ratios against targets (ONLY=row,row)
	@$(SERVERS) test -- $(PYTHON) -m bench $(ONLY)

faults: env ## what is lost or doubled when things break, a line a row (RUNS=10 ROWS=1,4,9 SEED=n)
	@RUNS=$(RUNS) ROWS=$(ROWS) SEED=$(SEED) $(SERVERS) test -- $(PYTHON) -m tests.faults

hours: env ## the tests at every hour and on days of clock changes (HOURS=9,berlin-spring TESTS=tests/rituals)
	@HOURS=$(HOURS) ARGS="$(ARGS)" TESTS="$(TESTS)" $(PYTHON) -m tests.hours

pictures: env ## what every stage of a repair looks like, in light and dark, into .data/pictures
	@PICTURES=$(CURDIR)/.data/pictures $(SERVERS) test -- $(MAKE_QUIETLY) tests TESTS=tests/browser/test_scenes.py

audit: env ## known weaknesses of the pinned dependencies
	@$(PYTHON) -m config.servers.audit requirements.txt requirements-dev.txt

format: env ## put code into the agreed form
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix-only --quiet .

requirements: env ## compile both requirement files from pyproject.toml (UPGRADE=--upgrade)
	@$(COMPILE) $(UPGRADE) --group dev -o requirements-dev.txt
	@$(COMPILE) --upgrade --constraint requirements-dev.txt -o requirements.txt

# The environment. Any Python from 3.12 on will do to make it; a stand-in of a version manager
# that does not run is passed over.
env:
	@for python in python3.13 python3 python3.14 python3.12 \
			"$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python \
			"$$(uv python find '>=3.12' 2>/dev/null)"; do \
		"$$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null || continue; \
		exec "$$python" -I config/servers/environment.py; \
	done; \
	echo "Hi First: Python 3.12 or newer is needed and was not found. Install it (for example" \
		"from python.org, or with 'uv python install 3.13') and repeat the command." >&2; exit 1

# What follows runs inside `make test` and `make check`, with a database and a Redis at hand.
all-checks: lint types contract migrations deploy tests
quick-checks: lint types contract migrations quick-tests

lint:
	@ruff format --check --quiet . || { echo "Some files are not in form: make format"; exit 1; }
	@ruff check --quiet .

# Without a cache: relations come from other files' models, and a kept verdict goes stale unseen.
types:
	@mypy --cache-dir=/dev/null

contract:
	@lint-imports --no-cache --no-logo

migrations:
	@$(PYTHON) manage.py makemigrations --check --dry-run

deploy:
	@BASE_URL=https://hifirst.example MAIL_FROM=hello@hifirst.example $(PYTHON) manage.py check --deploy --fail-level WARNING

tests:
	@$(PYTHON) -m pytest -n $(WORKERS) $(TESTS) $(ARGS)

quick-tests:
	@$(PYTHON) -m pytest -n $(WORKERS) -m "not (browser or process or walls or database)" $(TESTS) $(ARGS)
