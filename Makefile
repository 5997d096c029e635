# Two commands: `make demo` runs the product on invented people, `make test` checks and tests it.
# Nothing but Python 3.11 or newer, its venv module and make need be there.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= 2
INPUTS := pyproject.toml hatch_build.py package.json package-lock.json $(wildcard frontend/*) $(wildcard web/translations/*/LC_MESSAGES/*.po)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
export PORT ARSHJUL_DATA FRESH

.PHONY: demo test torture mining look lint types format clean

demo: $(VENV)/.run
	@$(BIN)/arshjul demo

test: lint types
	@echo "Running the tests on $(WORKERS) processors, against SQLite, PostgreSQL, a mail server and a browser …"
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

# Kills, stops and races workers on both databases for MINUTES, and checks every promise from outside.
MINUTES ?= 5
torture: $(VENV)/.dev
	@$(BIN)/python tests/torture/run.py --minutes $(MINUTES) $(ARGS)

# Pictures of every page and state for people to look at: wide and narrow, light and dark.
look: $(VENV)/.dev
	@ARSHJUL_PICTURES=1 $(BIN)/python -m pytest -q tests/e2e/test_axe.py tests/e2e/test_axe_states.py $(ARGS)
	@echo "The pictures are in test-results/pages."

# pm4py finds the order of the steps in an exported history, from an environment of its own (its licence is AGPL).
mining: $(VENV)/.dev
	@$(BIN)/python -m venv $(VENV)/mining
	@$(VENV)/mining/bin/python -m pip install --quiet --disable-pip-version-check "pm4py>=2.7"
	@ARSHJUL_MINING_PYTHON=$(VENV)/mining/bin/python $(BIN)/python -m pytest tests/mining

lint: $(VENV)/.dev
	@echo "Checking style and the direction of imports …"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-cache > $(VENV)/imports.txt || { cat $(VENV)/imports.txt; exit 1; }

types: $(VENV)/.dev
	@echo "Checking types …"
	@$(BIN)/mypy

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/it")'
	@echo "Making a virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(INPUTS) | $(BIN)/python
	@echo "Installing the product and building its pages (a minute or two the first time) …"
	@$(PIP) -e .
	@touch $@

$(VENV)/.dev: $(INPUTS) | $(BIN)/python
	@echo "Installing the product and its test tools, a PostgreSQL among them (two minutes or so the first time) …"
	@$(PIP) -e ".[dev]"
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) node_modules tests/browser/node_modules web/static/dist engine/feel/dist .cache \
	  .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
