# run: the product with its demo world · test: everything CI asks · check: format, lint, types, layers, content · bench: measures · bench-peers: beside Kolibri
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PORT

.PHONY: run test check bench bench-peers messages lock

.venv/.run-ready: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what the product needs …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev-ready: .venv/.run-ready requirements-dev.txt
	@echo "Installing what tests and checks need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: .venv/.run-ready
	@$(BIN)/hocvuso serve

check: .venv/.dev-ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/hocvuso messages --check
	$(BIN)/hocvuso makemigrations --check --dry-run
	$(BIN)/hocvuso content check

test: .venv/.dev-ready
	tests/install-system-packages
	$(MAKE) check
	$(BIN)/python -m pytest src tests/house -n 2
	tests/with-postgres $(BIN)/python -m pytest src -n 2
	$(BIN)/python -m pytest tests/journeys -n 2

AREAS ?=
bench: .venv/.dev-ready
	tests/install-system-packages wrk
	tests/with-postgres $(BIN)/python -m bench $(AREAS)

bench-peers: .venv/.dev-ready
	tests/install-system-packages wrk
	$(BIN)/python -m bench.peers.measure

messages: .venv/.dev-ready
	$(BIN)/hocvuso messages

lock: .venv/.dev-ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile -q --generate-hashes --no-header --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt
