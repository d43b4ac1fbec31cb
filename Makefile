# Everything sets itself up: `make demo` on a fresh clone needs Python 3.11 or newer, make and git.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/ready
EDITOR_SERVER := tests/editor/node_modules/.package-lock.json

.PHONY: help setup editor-server demo demo-once demo-serve serve test check bench bench-practice torture lock clean

help:
	@echo "make setup       install into .venv, from the lock file"
	@echo "make demo        play a sample week into a practice company and check the books"
	@echo "make demo-serve  the same, and stay up for a browser"
	@echo "make serve       Bookrelay itself, on http://127.0.0.1:8080"
	@echo "make test        all tests but the long ones"
	@echo "make editor-server  install the language server that some tests drive (needs npm)"
	@echo "make check       formatting, lint, types, layers"
	@echo "make bench       measure speed; writes the table of README.md"
	@echo "make bench-practice  the practice company alone"
	@echo "make torture     long runs with crashes and faults"
	@echo "make lock        pin the newest releases that pyproject.toml allows"
	@echo "make clean       remove what make made, not your data"

setup: $(READY)

# Done again whenever the lock or the project file changes.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (make setup PYTHON=...)."; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo demo-once: $(READY)
	@$(BIN)/bookrelay demo

demo-serve: $(READY)
	@$(BIN)/bookrelay demo --serve

serve: $(READY)
	@$(BIN)/bookrelay serve

test: $(READY) editor-server
	$(BIN)/python -m pytest -m "not torture"

# What the tests of the editor's schema drive; without node and npm they are skipped.
editor-server:
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory $(EDITOR_SERVER); fi

$(EDITOR_SERVER): tests/editor/package.json tests/editor/package-lock.json
	@cd tests/editor && npm ci --silent --ignore-scripts
	@touch $@

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_layers.py

bench: $(READY)
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.readme

bench-practice: $(READY)
	$(BIN)/python -m tests.benchmarks practice
	$(BIN)/python -m tests.benchmarks.readme

torture: $(READY)
	$(BIN)/python -m pytest -m torture

# From the public index alone, whatever this machine's pip is told, so that all can install it.
lock: $(READY)
	env -u PIP_EXTRA_INDEX_URL -u PIP_INDEX_URL -u PIP_FIND_LINKS -u PIP_CONSTRAINT \
		PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock" \
		$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--extra dev --extra postgres --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv tests/editor/node_modules build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
