# Every target stands alone: it makes what it needs and does nothing twice.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
# pytest's worker processes; each brings its own PostgreSQL.
WORKERS ?= 2
# The interpreter that makes the environment; left empty, the first that is new enough.
PYTHON ?=

RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
LOCK := PATH="$(BIN):$$PATH" uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.PHONY: help venv demo test lint format bench load soak docs-check build lock postgres servers browser clean

help: ## Say what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' Makefile

venv: $(DEVELOPMENT) ## Make .venv with everything that development needs.

demo: $(RUNTIME) ## Run the county demonstration on an embedded database.
	@$(BIN)/accountability demo

test: lint postgres servers browser ## Lint, then run every test on both databases.
	$(BIN)/python -m pytest -n $(WORKERS)

lint: $(DEVELOPMENT) ## Check style, types and floors.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEVELOPMENT) ## Bring the code into shape.
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(DEVELOPMENT) postgres ## Measure a firing against the floor of the raw drivers.
	$(BIN)/python -m benchmarks

load: $(DEVELOPMENT) postgres ## Measure among a million cases, then many processes at once; ten minutes.
	$(BIN)/python -m benchmarks growth
	$(BIN)/python -m benchmarks throughput

soak: $(DEVELOPMENT) postgres servers browser ## Run every test, the long ones too, with fifty times the examples.
	$(BIN)/python -m pytest -n $(WORKERS) --hypothesis-profile=soak -m "soak or not soak"

docs-check: $(DEVELOPMENT) ## Run everything that README and docs show.
	$(BIN)/python -m pytest README.md CONTRIBUTING.md docs tests/house/test_documentation.py \
		tests/workflows/test_pages.py tests/workflows/test_mechanisms.py tests/workflows/test_protections.py

build: $(DEVELOPMENT) ## Build the source distribution and the wheel into dist/.
	$(BIN)/python -m build --no-isolation --outdir dist .

lock: $(DEVELOPMENT) ## Write the locks anew: versions and hashes, no address.
	$(LOCK) --group pyproject.toml:build pyproject.toml --output-file requirements.txt
	$(LOCK) --all-extras --group pyproject.toml:dev --constraints requirements.txt pyproject.toml \
		--output-file requirements-dev.txt

clean: ## Remove what was built and cached; .venv stays.
	rm -rf build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests benchmarks examples docs -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# PostgreSQL's programs only: the tests start a server of their own, so no cluster is made and nothing stays running.
postgres:
	@if command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
		exit 0; \
	elif [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get -o Acquire::Retries=3 update -q && \
		apt-get -o Acquire::Retries=3 install -q -y --no-install-recommends postgresql-common && \
		sed -i 's/^#\{0,1\}create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf && \
		apt-get -o Acquire::Retries=3 install -q -y --no-install-recommends postgresql; \
	else \
		echo "PostgreSQL is missing, and the tests need its programs (initdb, postgres)." >&2; \
		echo "Install it, on Debian with: sudo apt-get install postgresql" >&2; \
		exit 1; \
	fi

# Programs only: their services are masked first, so nothing begins to listen on this computer.
servers:
	@for program in nats-server pgbouncer; do \
		if command -v "$$program" >/dev/null 2>&1 || [ -x "/usr/sbin/$$program" ]; then \
			continue; \
		elif [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then \
			export DEBIAN_FRONTEND=noninteractive; \
			unit="/etc/systemd/system/$$program.service"; \
			mkdir -p /etc/systemd/system; [ -e "$$unit" ] || ln -s /dev/null "$$unit"; \
			apt-get -o Acquire::Retries=3 update -q && \
			apt-get -o Acquire::Retries=3 install -q -y --no-install-recommends "$$program" || exit 1; \
		else \
			echo "$$program is missing, and the tests need it." >&2; \
			echo "Install it, on Debian with: sudo apt-get install $$program" >&2; \
			exit 1; \
		fi; \
	done

# A browser, in which the tests look at the pages for readers.
browser:
	@if command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || \
		command -v google-chrome >/dev/null 2>&1; then \
		exit 0; \
	elif [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get -o Acquire::Retries=3 update -q && \
		apt-get -o Acquire::Retries=3 install -q -y --no-install-recommends chromium; \
	else \
		echo "A browser is missing, and the tests look at pages in one." >&2; \
		echo "Install it, on Debian with: sudo apt-get install chromium" >&2; \
		exit 1; \
	fi

# An existing .venv is kept, whoever made it.
$(BIN)/python:
	@for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
		if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			echo "making $(VENV) with $$python"; \
			exec "$$python" -m venv $(VENV); \
		fi; \
	done; \
	echo "Python 3.11 or newer with its venv module is missing; on Debian: sudo apt-get install python3-venv" >&2; \
	echo "Another interpreter can be named: make $(MAKECMDGOALS) PYTHON=/path/to/python" >&2; \
	exit 1

# The package is installed as editable; --no-build-isolation takes the locked build tools instead of fetching newer ones.
$(RUNTIME): requirements.txt pyproject.toml | $(BIN)/python
	@echo "installing accountability into $(VENV)"
	@$(PIP) install --require-hashes --requirement requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "installing the tools of development into $(VENV)"
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@touch $@
