# `make run` and `make test` are all a newcomer needs; each sets up what it lacks and is quick when repeated.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: run dev test test-actors check format bench clean

run: $(VENV)/.run
	$(BIN)/iotmock serve

dev: $(VENV)/.dev
	$(BIN)/watchfiles --filter python "$(BIN)/iotmock serve" iotmock

test: check
	$(BIN)/python -m pytest $(PYTEST_ARGS)

test-actors: $(VENV)/.dev
	$(BIN)/python -m pytest tests/actors

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e .
	touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e ".[dev]"
	touch $@ $(VENV)/.run
