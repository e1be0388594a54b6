# Every command of the project; `make` alone lists them.
# Any of them sets up what it needs: see scripts/environment.sh.

BIN := .venv/bin

# Started without a home (a service, a bare container), tools still need a place to write.
ifeq ($(strip $(HOME)),)
export HOME := $(or $(shell getent passwd "$$(id -u)" | cut -d: -f6),$(CURDIR)/build/home)
endif

.DEFAULT_GOAL := help
.PHONY: help run test ci app-environment dev-environment unit integration browser repo format format-check \
	lint types check bench soak sizes migration migrate criteria translations docs report requirements wheel

help:
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { print "\n" substr($$0, 5) } /^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile

##@ Start
run: app-environment ## from a fresh clone: environment, libraries, database, demo data, the app on localhost
	@scripts/system-packages.sh pango
	@$(BIN)/partner-assess db upgrade >/dev/null
	@[ "$$PARTNER_ASSESS_MODE" = production ] || $(BIN)/partner-assess demo load >/dev/null
	@exec $(BIN)/partner-assess serve

test: dev-environment ## from a fresh clone: every test that must pass, on SQLite, PostgreSQL and in Chromium
	@scripts/system-packages.sh tests
	@$(BIN)/python -m tests.run

ci: export CI := true
ci: format-check lint types test ## what .ci/run does: the checks, then `make test` with nothing left out

##@ Check
unit: dev-environment ## unit tests and the examples in domain/, whose branches must all be covered (seconds)
	@$(BIN)/coverage run -m pytest -q partner_assess/domain tests/unit
	@$(BIN)/coverage report

integration: dev-environment ## queries, use cases, pages, commands, on SQLite; url=... for PostgreSQL
	@$(BIN)/python -m pytest -q -n 2 tests/integration $(if $(url),--database-url=$(url))

browser: dev-environment ## journeys, screenshots, accessibility
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile tests/browser

repo: dev-environment ## tests about the codebase itself
	@$(BIN)/python -m pytest -q tests/repo

format: dev-environment ## ruff: format and fix
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format .

format-check: dev-environment ## fails where `make format` would change something
	@$(BIN)/ruff format --check .

lint: dev-environment ## ruff, import contracts
	@$(BIN)/ruff check . && $(BIN)/lint-imports

types: dev-environment ## basedpyright
	@$(BIN)/basedpyright

check: format-check lint types unit repo ## all of the above but integration and browser: before every push

bench: dev-environment ## the benchmarks, printing ratios
	@$(BIN)/python -m tests.bench

soak: dev-environment ## what takes longer: hundreds of kills, fuzzing, 100,000 partners
	@$(BIN)/python -m pytest -m soak tests

sizes: dev-environment ## the longest files and functions
	@$(BIN)/python -m tests.repo.sizes

##@ Work
migration: dev-environment ## a new migration: make migration m="what changes"
	@$(BIN)/python -m partner_assess.db.migrations "$(m)"

migrate: app-environment ## bring the database up to date
	@$(BIN)/partner-assess db upgrade

criteria: app-environment ## check all frameworks
	@$(BIN)/partner-assess frameworks

translations: dev-environment ## extract the words of pages and update the catalogues
	@mkdir -p build && $(BIN)/pybabel -q extract -k _l -F pyproject.toml -o build/messages.pot partner_assess templates
	@for catalogue in partner_assess/translations/*/LC_MESSAGES/messages.po; do \
		[ ! -f "$$catalogue" ] || $(BIN)/pybabel -q update --no-fuzzy-matching -i build/messages.pot -o "$$catalogue" \
			-l "$$(basename "$$(dirname "$$(dirname "$$catalogue")")")" || exit 1; \
	done
	@echo "build/messages.pot holds $$(grep -c '^msgid' build/messages.pot) texts"

docs: dev-environment ## rebuild diagrams and the rules table
	@$(BIN)/python -m tests.repo.docs

report: app-environment ## a sample PDF: build/report.pdf
	@mkdir -p build
	@$(BIN)/partner-assess db upgrade >/dev/null
	@[ "$$PARTNER_ASSESS_MODE" = production ] || $(BIN)/partner-assess demo load >/dev/null
	@$(BIN)/partner-assess report export -o build/report.pdf \
		"$$($(BIN)/partner-assess report list | sed -n '/"status": "current"/s/.*"reference": *"\([^"]*\)".*/\1/p' | tail -n 1)"

requirements: ## pin the requirements anew, with hashes and for each Python (needs uv)
	@cd requirements && for group in app scale dev; do uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header $(if $(upgrade),--upgrade) $$group.in -o $$group.txt; done

wheel: dev-environment ## build dist/*.whl with templates, static files and criteria inside (needs uv)
	@uv build --quiet --wheel

app-environment:
	@scripts/environment.sh app

dev-environment:
	@scripts/environment.sh dev
