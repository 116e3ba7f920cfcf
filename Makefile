# `make run` and `make test` are all a newcomer needs; each sets up what it lacks and is quick when repeated.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Of a thousand processes that tests start only the first shall compile what it imports.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: run demo dev ray homeassistant hatasmota test test-quick test-all test-here test-stalled test-actors search check format bench bench-fleet chaos conformance image
.PHONY: client docs page page-check pages pictures clean

run: $(VENV)/.run
	$(BIN)/iotmock serve

# A minute that shows everything; nothing of it stays: make demo DEMO_ARGS=--keep
demo: $(VENV)/.run
	$(BIN)/iotmock demo $(DEMO_ARGS)

dev: $(VENV)/.dev
	$(BIN)/watchfiles --filter python "$(BIN)/iotmock serve" iotmock

# Most tests wait for other processes: more of them run at a time than there are cores.
WORKERS ?= 6
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -rs $(PYTEST_ARGS)
# The checks take a core for half a minute while the first tests wait.
test: $(VENV)/.dev
	@$(MAKE) --no-print-directory -j 2 check test-here

# For the hand: the rooms that start no service, and of these what is soon over.
QUICK := actors broker files history ledger log metrics model mqtt rest settings storage wire wording
test-quick: $(VENV)/.dev
	$(PYTEST) -m "not long" $(QUICK:%=tests/%)

# The tests on every Python that is at hand (pyenv's are), each in an environment of its own;
# one that is not is said: make test-all PYTEST_ARGS=tests/actors
PYTHONS ?= 3.11 3.12 3.13
PYENV := $(shell pyenv root 2>/dev/null)
test-all:
	for version in $(PYTHONS); do \
	  python=$$(ls -v $(PYENV)/versions/$$version.*/bin/python 2>/dev/null | tail -1); \
	  [ -n "$$python" ] || python=$$(command -v python$$version || true); \
	  if [ -z "$$python" ]; then echo "Python $$version is not at hand: not tested"; continue; fi; \
	  $(MAKE) test-here PYTHON=$$python VENV=.venv-$$version || exit 1; \
	done

test-here: $(VENV)/.dev
	$(PYTEST)

# Examples that the suite has not seen; each round draws others: make search ROUNDS=100
ROUNDS ?= 10
search: $(VENV)/.dev
	for round in $$(seq $(ROUNDS)); do HYPOTHESIS_PROFILE=search $(PYTEST) -m hypothesis || exit 1; done

# As on a machine that has no time for them, processes of the suite stand still for seconds.
test-stalled: $(VENV)/.dev
	$(BIN)/python -m tests.chaos.stalls $(MAKE) --no-print-directory test-here

test-actors: $(VENV)/.dev
	$(BIN)/python -m pytest tests/actors

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# The synchronous client, from the asynchronous one; a test says when it is to be made anew.
client: $(VENV)/.dev
	$(BIN)/python -m tests.client.synchronous
	$(BIN)/ruff format iotmock/client

# Ray is a quarter of a gigabyte: its tests skip without it.
ray: $(VENV)/.dev
	$(PIP) install -c constraints.txt -e ".[dev,ray]"

# Home Assistant is half a gigabyte and needs Python 3.12: its tests skip without it.
HOMEASSISTANT := build/homeassistant
PYTHON312 = $(or $(lastword $(sort $(wildcard $(PYENV)/versions/3.12.*/bin/python))),$(shell command -v python3.12))
homeassistant:
	@if [ -z "$(PYTHON312)" ]; then echo "Python 3.12 is not at hand: no Home Assistant"; \
	else $(MAKE) --no-print-directory $(HOMEASSISTANT)/.installed; fi

$(HOMEASSISTANT)/.installed:
	$(PYTHON312) -m venv $(HOMEASSISTANT)
	$(HOMEASSISTANT)/bin/pip --disable-pip-version-check --quiet install \
	  pytest-homeassistant-custom-component==0.13.205
	touch $@

# What Home Assistant reads Tasmota with, in an environment of its own: its tests skip without it.
HATASMOTA := build/hatasmota
hatasmota: $(HATASMOTA)/.installed
$(HATASMOTA)/.installed:
	$(PYTHON) -m venv $(HATASMOTA)
	$(HATASMOTA)/bin/pip --disable-pip-version-check --quiet install HATasmota==0.9.2 paho-mqtt==2.1.0
	touch $@

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

# An hour of soak: make bench-fleet BENCH_ARGS="--soak-minutes 60"; a smoke run: BENCH_ARGS=--quick
bench-fleet: $(VENV)/.dev
	$(BIN)/python -m benchmarks --only fleet $(BENCH_ARGS)

# What the page takes from npm's registry, where it could not be had before: docs/how-to/page.md.
page: $(BIN)/python
	$(PIP) install -c constraints.txt -e .
	@cat iotmock/web/vendor/not-built.txt 2>/dev/null || true

# The page's types, rules and logic.
page-check: $(VENV)/.dev
	IOTMOCK_REQUIRE_NPM=1 $(BIN)/python -m pytest -q -rs tests/web/test_modules.py

# Without an engine, as root, with Debian's buildah and debootstrap: docs/how-to/deploy.md.
image: $(VENV)/.run
	PYTHON=$(BIN)/python deploy/build-image build/image build/iot-mock-service.tar

# Everything at once for ten minutes, then the books; then as long whole lives of client and line
# against a broker out of its mind, and peers that say anything over HTTP: make chaos CHAOS_SECONDS=60
CHAOS_SECONDS ?= 600
chaos: $(VENV)/.dev
	$(BIN)/python -m tests.chaos --seconds $(CHAOS_SECONDS)
	IOTMOCK_FUZZ_SECONDS=$(CHAOS_SECONDS) $(BIN)/python -m pytest tests/mqtt/lives tests/service/peers/test_fuzz.py

# Which test shows which statement of MQTT and of Sparkplug: docs/reference/mqtt-conformance.md, docs/reference/sparkplug-conformance.md.
conformance: $(VENV)/.dev
	$(BIN)/python -m tests.mqtt.conformance
	$(BIN)/python -m tests.dialects.sparkplug.conformance

# The documentation site, into iotmock/manual/built: open index.html there, or /manual of the service.
docs: $(VENV)/.docs
	$(BIN)/python -m manual

# A week of each family as a page (docs/reference/families.md); generated, so not in the repository.
pages: $(VENV)/.run
	mkdir -p build/pages
	for family in hvac lighting server industrial appliance; do \
	  $(BIN)/iotmock generate --profile $$family --start 2025-06-02 --days 7 --step 60 \
	    --output build/pages/$$family.csv --plot build/pages/$$family.html; \
	done

# The two pictures of the README, from what the commands make; takes Chromium and two minutes.
pictures: $(VENV)/.dev
	$(BIN)/python -m tests.docs.pictures

clean:
	rm -rf $(VENV) .venv-* build dist iotmock/manual/built iotmock/web/vendor page/node_modules *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python pyproject.toml constraints.txt page/package-lock.json
	$(PIP) install -c constraints.txt -e .
	touch $@

$(VENV)/.docs: $(BIN)/python pyproject.toml constraints.txt page/package-lock.json
	$(PIP) install -c constraints.txt -e ".[docs]"
	touch $@ $(VENV)/.run

$(VENV)/.dev: $(BIN)/python pyproject.toml constraints.txt page/package-lock.json
	$(PIP) install -c constraints.txt -e ".[dev]"
	touch $@ $(VENV)/.run $(VENV)/.docs
