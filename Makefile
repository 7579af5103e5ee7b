# `make demo` and `make test` need git, make and Python 3.11+ with venv, and set up the rest.
PYTHON ?= python3
VENV := .venv
BENCH := .venv-bench
ifeq ($(OS),Windows_NT)
BIN := Scripts
else
BIN := bin
endif
RUN := $(VENV)/$(BIN)

.PHONY: demo test check lint format soak bench clean

demo: $(VENV)/.tool
	@mkdir -p build
	@$(RUN)/poolcli max samples/spaceship.png build/spaceship-max.png -k 6 -s 2
	@echo "The pooled picture is build/spaceship-max.png; the one before is samples/spaceship.png."

test: $(VENV)/.dev
	$(RUN)/python -m pytest -n auto

check: lint test

lint: $(VENV)/.dev
	$(RUN)/ruff format --check
	$(RUN)/ruff check
	$(RUN)/mypy

format: $(VENV)/.dev
	$(RUN)/ruff format
	$(RUN)/ruff check --fix

soak: $(VENV)/.dev
	$(RUN)/python -m pytest tests/soak/test_memory.py
	$(RUN)/python -m tests.soak.killed

bench: $(BENCH)/.ready
	$(BENCH)/$(BIN)/python -m tests.bench

clean:
	rm -rf build dist *.egg-info $(VENV) $(BENCH) .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(VENV)/$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# A stamp is made last, so that a set-up that was cut short is taken up again.
$(VENV)/.tool: $(VENV)/$(BIN)/python pyproject.toml
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.tool pyproject.toml
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(BENCH)/.ready: pyproject.toml tests/bench/requirements.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . \
		--requirement tests/bench/requirements.txt
	@touch $@
