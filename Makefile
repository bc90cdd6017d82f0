# Everything that a newcomer types. Each target sets up what it misses first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LIGHTHOUSE := $(VENV)/lighthouse/node_modules/.package-lock.json
SEEDS ?= 1 2 3
CREATES ?= 300
TIMES ?= 30
LOCKED := --quiet --universal --generate-hashes --no-header --python-version 3.11
# Anything but nothing and these: the local Flow Service looks into real databases.
override LIVE := $(filter-out 0 false no off,$(LIVE))

.PHONY: run test chaos bench lint format lock clean
.DEFAULT_GOAL := run

run: $(VENV)/.run $(if $(LIVE),$(VENV)/.live)  ## set up, then start web server, worker and local Flow Service; LIVE=1: on real data
	@$(BIN)/python manage.py start $(if $(LIVE),--live)

test: $(VENV)/.dev $(VENV)/.browser $(VENV)/.postgres $(VENV)/.mariadb $(VENV)/.redis $(VENV)/.nginx $(VENV)/.systemd $(VENV)/.curl  ## every test, also in a browser, and on PostgreSQL what depends on a database
	$(BIN)/python -m pytest
	$(BIN)/python -m tests.on_postgres

chaos: $(VENV)/.dev  ## many creates among faults and kills; at the end nothing is lost, made twice, stuck or told
	$(BIN)/python -m tests.chaos --creates $(CREATES) $(SEEDS:%=--seed %)

bench: $(VENV)/.dev $(VENV)/.browser $(VENV)/.postgres $(LIGHTHOUSE)  ## how fast it is on this machine, each figure beside its floor; also in var/bench.json
	@$(BIN)/python -m tests.bench --times $(TIMES)

lint: $(VENV)/.dev  ## style, security, types, import rules, templates, migrations that are missing or that a running version would not survive, known holes in packages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive wizard
	git ls-files -z 'templates/*.html' | xargs -0 $(BIN)/djade --check --target-version 5.2
	$(BIN)/lint-imports --no-cache
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.upgrading.lint
	$(BIN)/mypy
	$(BIN)/python -m tests.audit requirements/live.txt
	$(BIN)/python -m tests.audit requirements/tracing.txt

format: $(VENV)/.dev  ## rewrite the code in house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	git ls-files -z 'templates/*.html' | xargs -0 $(BIN)/djade --target-version 5.2

lock: $(VENV)/.dev  ## write requirements/ anew from pyproject.toml
	$(BIN)/uv pip compile $(LOCKED) --extra postgres --extra redis pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile $(LOCKED) --extra postgres --extra redis --extra live -c requirements/run.txt pyproject.toml -o requirements/live.txt
	$(BIN)/uv pip compile $(LOCKED) --extra postgres --extra redis --extra tracing -c requirements/run.txt pyproject.toml -o requirements/tracing.txt
	$(BIN)/uv pip compile $(LOCKED) --all-extras --group dev -c requirements/live.txt -c requirements/tracing.txt pyproject.toml -o requirements/dev.txt

clean:  ## remove what was set up; DATA_DIR stays
	rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.run: $(VENV)/bin/python requirements/run.txt
	@echo "Installing the locked packages ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/.live: $(VENV)/.run requirements/live.txt
	@echo "Installing the locked drivers for databases ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/live.txt
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements/dev.txt
	@echo "Installing the locked packages for development ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/.run $(VENV)/.live

$(VENV)/.browser: $(VENV)/.dev
	@$(BIN)/python -m tests.install_browser
	@touch $@

# npm writes that file when all is there; without Node.js there is none.
$(LIGHTHOUSE): tests/bench/lighthouse/package-lock.json | $(VENV)/.dev
	@$(BIN)/python -m tests.install_lighthouse

$(VENV)/.postgres: $(VENV)/.dev
	@$(BIN)/python -m tests.install_postgres
	@touch $@

$(VENV)/.curl: $(VENV)/.dev
	@$(BIN)/python -m tests.install_curl
	@touch $@

$(VENV)/.redis: $(VENV)/.dev
	@$(BIN)/python -m tests.install_redis
	@touch $@

$(VENV)/.nginx: $(VENV)/.dev
	@$(BIN)/python -m tests.install_nginx
	@touch $@

$(VENV)/.systemd: $(VENV)/.dev
	@$(BIN)/python -m tests.install_systemd
	@touch $@

$(VENV)/.mariadb: $(VENV)/.dev
	@$(BIN)/python -m tests.install_mariadb
	@touch $@
