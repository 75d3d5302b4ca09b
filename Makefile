# make run: the app.   make test: everything.   make help: the rest.
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
EYE := eye/node_modules
# A few processes, each with whole files of tests; two where each holds a TensorFlow (some 2 GB) or
# drives a browser. Contracts look through every file: one process, which parses each once. Browser
# tests share nothing within a file, and last long: whoever has none left takes one of the other's.
SIDE_BY_SIDE := -n logical --dist loadfile --maxprocesses

.PHONY: run test test-thorough check contracts bench assets screenshots clean help

run: .venv/installed assets ## Set up what is missing and open the app on PORT (8501)
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: .venv/installed-dev $(EYE)/.package-lock.json assets ## Everything: checks, unit, pages, keras, real browser
	@$(MAKE) --no-print-directory --jobs 2 --output-sync check contracts
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) 4 tests/unit tests/properties tests/pages
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) 2 tests/keras
	$(BIN)/python -m pytest -n logical --maxprocesses 2 --dist worksteal tests/browser

# What it finds is kept as an @example beside the test.
test-thorough: .venv/installed-dev assets ## Property tests with new examples, and more of them; the eye in the browser for 90 s
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest --timeout 3600 tests/properties tests/unit/evaluation
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest tests/browser/test_browser_eye.py tests/browser/test_parity.py

check: .venv/installed-dev $(EYE)/.package-lock.json ## Style, types, and which room may import which; JavaScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/node $(EYE)/typescript/bin/tsc --project eye
	$(BIN)/node --test eye/tests/*.test.js

contracts: .venv/installed-dev ## What holds for every source file and every document
	$(BIN)/python -m pytest tests/contracts

bench: .venv/installed-dev assets ## Measure, print, and write docs/benchmarks/
	$(BIN)/python -m benchmarks

screenshots: .venv/installed-dev assets ## Remake docs/screenshots/ with a real browser
	$(BIN)/python scripts/screenshots.py

assets: .venv/installed ## Bring the model files that finding faces needs, and build the eye in the browser
	@$(BIN)/python -m core assets

# A virtual environment belongs to one Python: what it lacks is installed when a list of requirements
# changes, not otherwise. It is made anew where pip is missing: Debian leaves a half one behind when
# python3-venv is not installed.
.venv/installed: requirements.txt requirements-serve.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Mien wants Python 3.11 to 3.13: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# What checking and building the JavaScript needs, as its lock file has it; set-up keeps none of it.
$(EYE)/.package-lock.json: eye/package-lock.json .venv/installed-dev
	$(BIN)/npm --prefix eye ci --no-progress --loglevel error
	@touch $@

clean: ## Remove the environment and caches; sessions, runs and models stay
	rm -rf .venv $(EYE) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-14s %s\n", $$1, $$2 }' Makefile
