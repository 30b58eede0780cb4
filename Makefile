# `make` alone lists what there is. Each command sets up what it needs first; a second time that costs a second.

PYTHON_RUN := .venv/bin/python
DOCKER := $(PYTHON_RUN) -m docker.rootfs

# The map: a fictional district, or any OpenStreetMap extract (make demo MAP=region.osm.pbf).
MAP ?= var/roads/territory.osm.pbf
# The port of the address that a browser opens, if it is free.
PORT ?= 8080
# LAN=1 serves the phones of the local network too, by HTTPS.
LAN ?=
# What `make test` runs: all, or for instance TESTS=tests/telephony.
TESTS ?=
# How many files of tests run side by side, each process on servers of its own: most of the time is waiting.
SIDE_BY_SIDE ?= 3

# What `make bench` measures: all, or for instance BENCH="ingest boards".
BENCH ?=

# The demonstration tells how long the first punch took, set-up included.
STARTED := $(shell date +%s)

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests roads prompts demo run compose-settings describe stop test check lint types layers bench fuzz features dialogues lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup roads prompts ## start everything with a sample agency and play its morning (Ctrl-C stops it)
	$(PYTHON_RUN) -m simulators.demo --started $(STARTED) --front-port $(PORT) $(if $(LAN),--lan)

run: setup roads prompts ## start servers and programs on an empty or existing database (Ctrl-C stops them)
	$(DOCKER) up --programs realtime,worker,web --front-port $(PORT) $(if $(LAN),--lan)

describe: setup ## where the demonstration listens, accounts, homes and workers to try by hand (JSON)
	@PONCTUEL_ENV_FILE=var/demo/env $(PYTHON_RUN) -m simulators.seed --describe

compose-settings: setup ## write the settings that docker/compose.yaml reads, under var/compose
	@$(DOCKER) compose-settings --front-port $(PORT)

stop: ## stop what `make demo` or `make run` started
	@for state in var/run var/demo; do if [ -d $$state ]; then $(DOCKER) stop --state $$state; fi; done

test: setup-tests ## run all tests, on real servers and in real browsers
	$(PYTHON_RUN) -m pytest --numprocesses $(SIDE_BY_SIDE) $(TESTS)

check: setup-tests lint types layers test ## what CI runs: lint, types, layers, tests

lint: setup ## style and mistakes
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: setup ## types
	.venv/bin/mypy

layers: setup ## who may import whom
	.venv/bin/lint-imports

bench: setup-tests prompts ## measure beside the raw limits of the same machine; a table, and JSON under var/bench
	$(PYTHON_RUN) -m tests.bench $(if $(BENCH),--only $(BENCH))

fuzz: setup ## a million hostile inputs for each reader of what strangers send (long; what it finds is in var/fuzz)
	$(PYTHON_RUN) -m tests.fuzz

features: setup ## write docs/features.md: which test proves which row
	$(PYTHON_RUN) -m tests.features

dialogues: setup ## write docs/guide/dialogues.md: what is heard and keyed on each path of a call
	$(PYTHON_RUN) -m telephony.transcripts

lock: setup ## pin the dependencies anew, with their hashes
	.venv/bin/uv pip compile --quiet --generate-hashes --no-header --python-version 3.12 \
		--output-file requirements.lock requirements-dev.in

setup:
	@scripts/setup

setup-tests:
	@scripts/setup --tests

roads: setup $(MAP)
	@$(PYTHON_RUN) -m optimizer.roads build --pbf $(MAP) --out var/roads

var/roads/territory.osm.pbf: $(wildcard simulators/territory/*.py) | setup
	@$(PYTHON_RUN) -m simulators.territory --out var/roads

prompts: setup
	@$(PYTHON_RUN) -m telephony.prompts --into var/prompts \
		--espeak "$$($(PYTHON_RUN) -m docker.rootfs espeak)"

clean: stop ## remove all that was made here, data included; not the root filesystem, which other checkouts use
	rm -rf var .venv node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
