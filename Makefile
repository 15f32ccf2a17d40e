# ถามข่าว · Tham Khao. `make help` lists the targets; the first one run makes .venv, later ones install nothing.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.installed

# With no home folder named, pip keeps its cache here.
ifeq ($(strip $(HOME)),)
export PIP_CACHE_DIR ?= $(CURDIR)/.cache/pip
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: run test test-long ask index evaluate bench screenshots faults load soak fuzz sbom third-party lint clean help

run: $(READY) ## serve the chat page on http://127.0.0.1:7860
	@$(BIN)/python app.py

test: lint ## lint, then every test
	@$(BIN)/python -m pytest

ask: export QUESTION = $(value Q)
ask: $(READY) ## answer one question: make ask Q="ใครประชุมกัน"
	@if [ -z "$$QUESTION" ]; then echo 'Q must be a question; got nothing. Try: make ask Q="ใครประชุมกัน"' >&2; exit 2; fi
	@$(BIN)/thamkhao ask -- "$$QUESTION"

index: $(READY) ## build the shipped article's index again
	@$(BIN)/thamkhao index --shipped

PARAPHRASES := tests/questions/paraphrases/questions.jsonl
SETS := $(filter-out $(PARAPHRASES),$(sort $(wildcard tests/questions/*.jsonl)))
evaluate: $(READY) ## score every question set and make tests/results again
	@$(BIN)/thamkhao evaluate $(SETS) --out tests/results
	@$(BIN)/thamkhao evaluate --leave-evidence-out $(SETS) --out tests/results >/dev/null
	@$(BIN)/thamkhao evaluate --paraphrases $(PARAPHRASES) --out tests/results >/dev/null

bench: $(READY) ## time the assistant
	@$(BIN)/python -m tests.bench

screenshots: $(READY) ## take the pictures in docs/screens from the running page
	@$(BIN)/python -m tests.screenshots

test-long: $(READY) ## what holds for any text, with 10,000 examples each
	@EXAMPLES=10000 $(BIN)/python -m pytest tests/test_properties.py

faults load soak: $(READY) ## kill, damage, crowd and tire it: tests/results
	@$(BIN)/python -m tests.$@

SECONDS ?= 1200
fuzz: $(READY) ## Atheris on text and files, SECONDS each
	@$(BIN)/python -m pip install --quiet 'atheris==3.0.0'
	@mkdir -p .cache/fuzz/text .cache/fuzz/files
	@cd .cache/fuzz && for target in text files; do \
	  PYTHONPATH=$(CURDIR) $(CURDIR)/$(BIN)/python -m tests.fuzz.$$target $$target -max_total_time=$(SECONDS) || exit 1; \
	done

sbom: $(READY) ## sbom.json: every package installed, in CycloneDX
	@$(BIN)/python -m pip install --quiet --target .cache/sbom 'cyclonedx-bom==7.5.0'
	@PYTHONPATH=.cache/sbom $(BIN)/python -m cyclonedx_py environment $(BIN)/python --pyproject pyproject.toml --output-file sbom.json

third-party: $(READY) ## THIRD_PARTY.md from what is installed
	@$(BIN)/python -m tests.third_party

lint: $(READY) ## ruff and a strict type check
	@$(BIN)/ruff check
	@$(BIN)/mypy

clean: ## remove caches and build outputs (.venv stays)
	@rm -rf build dist ./*.egg-info .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -path ./.venv -prune -o -type d -name __pycache__ -exec rm -rf {} +

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z -]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# A .venv that works is kept; one that is missing, half made or too old is made anew: never install outside one.
$(READY): requirements.lock pyproject.toml
	@if ! $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)' >/dev/null 2>&1; then \
	  command -v $(PYTHON) >/dev/null || { \
	    echo 'Python 3.11 or newer must be on the PATH; got no $(PYTHON). Install it, or name one: make PYTHON=python3.12 run' >&2; exit 2; }; \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Python must be 3.11 or newer; got $$($(PYTHON) --version 2>&1). Install one, or name one: make PYTHON=python3.12 run" >&2; exit 2; }; \
	  $(PYTHON) -m venv --clear .venv || { \
	    echo 'The .venv folder must be made with the venv module; $(PYTHON) cannot. On Debian: apt-get install python3-venv' >&2; exit 2; }; \
	fi
	@echo 'Installing the pinned packages into .venv, once: this takes some minutes.'
	@$(BIN)/python -m pip install --quiet --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
