# Every target makes its own environment in .venv first; only Python 3.11+ and make are needed.
PYTHON ?= python3
BIN := .venv/bin
ASSIGNMENT ?= padding_and_stride
LESSON_1 := lessons/padding_and_stride/1_padding.ipynb
# In a container one is often root, and Jupyter wants to hear that this is meant.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# Without nbval, which imports nbformat into each process: the one test that needs it starts a pytest of its own.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -p no:nbval
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export TF_CPP_MIN_LOG_LEVEL ?= 3
export TF_ENABLE_ONEDNN_OPTS ?= 0

.DEFAULT_GOAL := help
.PHONY: help wheels lab test test-all fuzz lint grade site bench pins clean

help: ## Show what there is to do.
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*##/:/' | column -t -s ':'

.venv/ready: pyproject.toml tests/pins.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Stridewise needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --constraint tests/pins.txt --editable '.[lessons,grading,dask]' --group test
	touch $@

lab: .venv/ready ## Open JupyterLab on lesson 1 (ARGS=--no-browser on a server).
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/$(LESSON_1) $(AS_ROOT) $(ARGS)

test: .venv/ready lint ## Check style, types and behaviour (on CI the slow tests too).
	$(PYTEST) $(if $(CI),,-m "not slow") $(ARGS)

test-all: .venv/ready lint ## The same with the slow tests.
	$(PYTEST) $(ARGS)

fuzz: .venv/ready ## Search at random for what breaks a law (SECONDS=60, SEED= to repeat).
	$(BIN)/python tests/fuzz.py $(or $(SECONDS),60) $(SEED)

lint: .venv/ready ## Ruff and mypy.
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

grade: .venv/ready ## Grade what was handed in, or else a made-up class of twelve, to feedback and marks.
	$(BIN)/autograder sample $(ASSIGNMENT)
	$(BIN)/autograder generate $(ASSIGNMENT)
	$(BIN)/autograder grade $(ASSIGNMENT) $(ARGS) || test $$? -eq 1 # something is left for a person
	$(BIN)/autograder feedback $(ASSIGNMENT) || test $$? -eq 1
	$(BIN)/autograder marks $(ASSIGNMENT) || test $$? -eq 1

site: .venv/ready ## Write the practice site, static files, into build/site.
	$(BIN)/autograder site build/site $(ARGS)

wheels: .venv/ready ## Build two wheels into dist/: the package, and the solutions (never hand those out).
	$(BIN)/hatchling build -t wheel -d dist
	cd solutions_wheel && ../$(BIN)/hatchling build -t wheel -d ../dist

bench: .venv/ready ## Measure speed beside stock nbgrader's, about 15 minutes (ARGS=grading for one).
	$(BIN)/python tests/bench $(ARGS)

pins: .venv/ready ## Move the versions that are pinned to the newest that fit.
	$(BIN)/python tests/refresh_pins.py

clean: ## Remove what the other targets made, the environment included.
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
