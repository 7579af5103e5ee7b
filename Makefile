# `make demo` and `make test` need git, make and Python 3.11+ with venv, and set up the rest.
PYTHON ?= python3
VENV := .venv
FLOOR := .venv-floor
BENCH := .venv-bench
FRESH := build/fresh
ifeq ($(OS),Windows_NT)
BIN := Scripts
else
BIN := bin
endif
RUN := $(VENV)/$(BIN)
INSTALL := -m pip install --quiet --disable-pip-version-check

.PHONY: demo test plain floor check lint format package soak bench clean

demo: $(VENV)/.tool
	@mkdir -p build
	@$(RUN)/poolcli max samples/spaceship.png build/spaceship-max.png -k 6 -s 2
	@echo "The pooled picture is build/spaceship-max.png; the one before is samples/spaceship.png."

test: $(VENV)/.dev
	$(RUN)/python -m pytest -n auto

# What a terminal and a locale could change, where there is none of either.
plain: $(VENV)/.dev
	TERM=dumb LANG=C LC_ALL=C $(RUN)/python -m pytest -n auto tests/cli tests/views tests/project

floor: $(FLOOR)/.ready
	$(FLOOR)/$(BIN)/python -m pytest -n auto

check: lint test

lint: $(VENV)/.dev
	$(RUN)/ruff format --check
	$(RUN)/ruff check
	$(RUN)/mypy

format: $(VENV)/.dev
	$(RUN)/ruff format
	$(RUN)/ruff check --fix

# Sdist and wheel: the one holds all that its tests need, the other alone pools a picture.
package: $(VENV)/.dev
	rm -rf dist $(FRESH)
	$(RUN)/python -m build
	$(RUN)/python -m twine check --strict dist/*
	$(PYTHON) -m venv $(FRESH)
	$(FRESH)/$(BIN)/python $(INSTALL) dist/*.whl
	cp samples/spaceship.png $(FRESH)
	cd $(FRESH) && $(BIN)/poolcli max spaceship.png out.png -k 6 -s 2
	cd $(FRESH) && $(BIN)/poolcli explain --save page.html
	tar -xzf dist/*.tar.gz -C $(FRESH)
	cd $(FRESH)/poolcli-* && $(CURDIR)/$(RUN)/python -m pytest -n auto tests/core/test_golden.py tests/project

soak: $(VENV)/.dev
	$(RUN)/python -m pytest tests/soak/test_memory.py
	$(RUN)/python -m tests.soak.killed
	$(RUN)/python -m tests.soak.corpus
	$(RUN)/python -m tests.soak.fuzzed
	$(RUN)/python -m tests.soak.killed_in_place
	$(RUN)/python -m tests.soak.cluster
	$(RUN)/python -m tests.soak.killed_pyramids

bench: $(BENCH)/.ready
	$(BENCH)/$(BIN)/python -m tests.bench

clean:
	rm -rf build dist *.egg-info $(VENV) $(FLOOR) $(BENCH) .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(VENV)/$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# A stamp is made last, so that a set-up that was cut short is taken up again.
$(VENV)/.tool: $(VENV)/$(BIN)/python pyproject.toml
	$(RUN)/python $(INSTALL) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.tool pyproject.toml
	$(RUN)/python $(INSTALL) --editable '.[dev]'
	@touch $@

$(FLOOR)/.ready: pyproject.toml tests/project/floor.py
	$(PYTHON) -m venv $(FLOOR)
	$(FLOOR)/$(BIN)/python tests/project/floor.py >$(FLOOR)/lowest.txt
	$(FLOOR)/$(BIN)/python $(INSTALL) --editable '.[test]' --constraint $(FLOOR)/lowest.txt
	@touch $@

$(BENCH)/.ready: pyproject.toml tests/bench/requirements.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/$(BIN)/python $(INSTALL) --editable . --requirement tests/bench/requirements.txt
	@touch $@
