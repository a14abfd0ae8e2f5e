# Everything a person runs. `make help` lists it.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE ?= 1
export FLASK_SKIP_DOTENV = 1

.PHONY: help run serve test check format bench mutation packages requirements vulnerabilities docs

help: ## list these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

run: $(BIN)/.installed .env ## the plugin with the DrChrono sandbox on this machine; prints one address to open
	@$(BIN)/python -m sandbox.demo

serve: $(BIN)/.installed .env ## the plugin and its worker against the vendor that the environment (or .env) names
	@set -a; . ./.env; set +a; \
	export PROMETHEUS_MULTIPROC_DIR=$$(mktemp -d); trap 'rm -rf "$$PROMETHEUS_MULTIPROC_DIR"' EXIT; \
	$(BIN)/flask --app wsgi db upgrade || exit 1; \
	trap 'stop=1' INT TERM; \
	$(BIN)/gunicorn --config gunicorn.conf.py wsgi:app & web=$$!; \
	$(BIN)/flask --app wsgi worker & worker=$$!; \
	while [ -z "$$stop" ] && kill -0 $$web 2>/dev/null && kill -0 $$worker 2>/dev/null; do sleep 1 & wait $$!; done; \
	kill $$web $$worker 2>/dev/null; wait $$web; ended=$$?; wait $$worker && [ $$ended = 0 ] && [ -n "$$stop" ]

test: $(BIN)/.installed-dev packages ## all tests: unit, HTTP against the sandbox, a real browser, both databases
	@$(BIN)/python -m pytest --database both --numprocesses auto --maxprocesses 4 --dist worksteal $(PYTEST_FLAGS)

check: $(BIN)/.installed-dev ## lint, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy plugin sandbox wsgi.py gunicorn.conf.py

format: $(BIN)/.installed-dev ## put the code into its format
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format .

bench: $(BIN)/.installed-dev packages ## the measurements of bench/, written to bench/RESULTS.md
	@$(BIN)/python -m bench

mutation: $(BIN)/.installed-dev ## change every coefficient and threshold once and see a test fail
	@$(BIN)/python -m bench.mutate_calculators

packages: ## Debian packages for the tests: Chromium, PostgreSQL, poppler, fonts
	@sh tests/packages.sh

docs: $(BIN)/.installed ## write docs/CALCULATORS.md from the registry
	@$(BIN)/python -m plugin.calculators docs > docs/CALCULATORS.md

requirements: $(BIN)/.installed-dev ## pin requirements.in and requirements-dev.in anew, with hashes
	@$(BIN)/pip install -q uv
	@for name in requirements requirements-dev; do $(BIN)/uv pip compile -q --upgrade --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url $$name.in -o $$name.txt; done

vulnerabilities: $(BIN)/.installed-dev ## ask the advisory database about every pinned requirement
	@$(BIN)/pip-audit --requirement requirements.txt --disable-pip

$(BIN)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Chartside needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing requirements …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(BIN)/.installed-dev: $(BIN)/.installed requirements-dev.txt
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.env:
	@umask 077; $(PYTHON) -c 'import base64, os, secrets; print("SECRET_KEY=" + secrets.token_urlsafe(48)); \
	  print("ENCRYPTION_KEYS=" + base64.urlsafe_b64encode(os.urandom(32)).decode()); print("FLASK_SKIP_DOTENV=1")' > .env
	@echo "Wrote new keys to .env (ignored by git; keep it)."
