# make run: the app.   make test: everything.   make help: the rest.
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin

.PHONY: run test check bench assets screenshots clean help

run: .venv/installed assets ## Set up what is missing and open the app on PORT (8501)
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: .venv/installed-dev assets check ## Everything: checks, unit, pages, keras, real browser
	$(BIN)/python -m pytest tests/unit tests/properties tests/contracts tests/pages
	$(BIN)/python -m pytest tests/keras
	$(BIN)/python -m pytest tests/browser

check: .venv/installed-dev ## Style, types, and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: .venv/installed-dev assets ## Measure, print, and write docs/benchmarks/
	$(BIN)/python -m benchmarks

screenshots: .venv/installed-dev assets ## Remake docs/screenshots/ with a real browser
	$(BIN)/python scripts/screenshots.py

assets: .venv/installed
	@$(BIN)/python -m core assets

# A virtual environment belongs to one Python: remade when requirements.txt changes, not otherwise.
.venv/installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean: ## Remove the environment and caches; sessions, runs and models stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

help: ## This list
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/'
