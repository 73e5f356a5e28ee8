# The commands of a developer's day; `make` alone lists them.

PORT ?= 8000
ARGS ?=
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
EVERY_CORE := -n auto --dist worksteal

# The demonstration has a database, a key, files and letters of its own, whatever this shell has set for another one.
HOST := 127.0.0.1
OWN := env -u DATABASE_URL -u STORAGE_URL -u MAIL_URL -u SECRET_KEY DEMONSTRATION=1 LOG_FORMAT=text VAR_DIR="$(CURDIR)/var"
PLACE := HOST=$(HOST) PORT=$(PORT) PUBLIC_URL=http://localhost:$(PORT) TRUSTED_HOSTS=localhost,127.0.0.1,$(HOST)
DEMONSTRATION := $(OWN) $(PLACE) PATH="$(CURDIR)/.venv/bin:$$PATH"

.PHONY: help setup run test test-pg check lint format types imports bandit templates catalogue migrations translations \
  security texts screenshots bench bench-parts sbom lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv from the lock (quick when it is there)
	@.ci/setup

run: setup ## the site with its demonstration, on PORT (8000)
	@mkdir -p var
	@$(DEMONSTRATION) flask --app registry db upgrade
	@$(DEMONSTRATION) flask --app registry demonstration load --when-empty
	@echo "Serving http://localhost:$(PORT) - stop with Ctrl-C; to start afresh, delete var/demonstration"
	@$(DEMONSTRATION) honcho --env /dev/null start web worker

test: setup ## all tests: units, web and browser (ARGS="-k name" picks some)
	@chromium=$$(.ci/browser) && CHROMIUM_PATH="$$chromium" $(PYTEST) $(EVERY_CORE) $(ARGS)

test-pg: setup ## the tests that open a database, without the browser, on a throwaway PostgreSQL
	@.ci/postgres $(PYTEST) $(EVERY_CORE) -m "not browser" $(ARGS)

check: lint types imports bandit templates catalogue migrations translations ## everything that reads the code and runs none of the site

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup ## write the code as the formatter has it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports --no-cache --no-logo

bandit: setup
	$(BIN)/python .ci/findings bandit

templates: setup
	$(BIN)/djlint templates --lint --quiet

catalogue: setup
	@.ci/aside sh -ec '$(BIN)/flask --app registry db upgrade; $(BIN)/flask --app registry criteria check'

migrations: setup
	@.ci/aside sh -ec '$(BIN)/flask --app registry db upgrade; $(BIN)/flask --app registry db check'

translations: setup
	$(PYTEST) -q tests/test_translations.py

security: setup ## attack a demonstration: parsers, bandit, schemathesis, wapiti, sqlmap (some 20 minutes)
	@.ci/security

texts: setup ## bring the English catalogue up to the texts of code and templates
	@mkdir -p var && .ci/texts var/messages.pot
	@$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 120 \
	  --input-file var/messages.pot --output-file registry/translations/en/LC_MESSAGES/messages.po --locale en

screenshots: setup ## every public page into var/screenshots, and the pictures of docs/pictures (ARGS=--public: no walkthrough)
	@chromium=$$(.ci/browser) && CHROMIUM_PATH="$$chromium" SCREENSHOTS="$(CURDIR)/var/screenshots" \
	  .ci/aside $(BIN)/python docs/pictures/take.py $(ARGS)

bench: setup ## measure every goal of speed into bench/results.md (about an hour; needs wrk and nginx; ARGS="pages held": some)
	@$(BIN)/python -m bench.goals $(ARGS)

bench-parts: setup ## print what public pages, uploads, the public log and the search cost by themselves (see bench/README.md)
	@.ci/aside sh -ec 'for what in bench bench.resumable bench.log bench.search; do $(BIN)/python -m $$what; done'
	@chromium=$$(.ci/browser) && CHROMIUM_PATH="$$chromium" $(BIN)/python -m bench.phone

sbom: setup ## what the registry is made of, as CycloneDX (var/sbom.json)
	@mkdir -p var && $(BIN)/python .ci/sbom > var/sbom.json && echo "var/sbom.json"

lock: setup ## write both locks anew from pyproject.toml (needs uv; ARGS="--upgrade" for newer versions)
	@.ci/lock $(ARGS)

clean: ## remove what the checkout made, except var/
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
