# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

# `make` alone lists the targets. What a target does beyond one command is a short script in .ci/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=

# The main job's register: how many people, and the seed that makes it the same one everywhere.
PEOPLE ?= 1646
SEED ?= 2022
# For how long make fuzz runs each target.
SECONDS_EACH ?= 60
# make torture: see Tests/Torture/run.py --help; KILLS for another number of kills, TORTURE for scenarios and other options.
KILLS ?=
HOURS ?=
QUICK ?=
TORTURE ?=

.PHONY: help setup build run test test-sanitized test-python conformance guides test-systemd pages fuzz torture deb bench bench-setup bench-gate lint format install generate man

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the Debian packages that are missing, and say which
	@.ci/setup build lint

build: setup ## Build the daemon and the command line tool, optimised
	@SWIFT=$(SWIFT) .ci/release amnestyd amnestyctl

run: build ## Take a synthetic register from intake to aftercare under the 2022 act, through a real daemon
	@PEOPLE=$(PEOPLE) SEED=$(SEED) .ci/main-job

test: setup ## Build and run every test
	@$(SWIFT) build --build-tests
	@$(SWIFT) test --skip-build --disable-xctest --skip IntegrationTests
	@$(SWIFT) test --skip-build --disable-xctest --filter IntegrationTests # on their own: they wait for programs, and hold threads

test-sanitized: setup ## Run every test under the address and the undefined behaviour sanitizer
	@SWIFT=$(SWIFT) .ci/sanitized

test-python: ## Check the Python client: generated code, types, vectors, and its tests against the built daemon
	@.ci/setup python
	@.ci/python

conformance: build ## Run every vector of the protocol against server and clients as programs, and against wrong ones
	@$(SWIFT) build --product conformance-server
	@$(SWIFT) build --product conformance-client
	@.ci/conformance

guides: build ## Do what the guides say, with the programs that were built, and look whether it is as they show
	@cd Tests/Guides && python3 -m unittest -q test_guides
	@python3 Tests/Guides/guides.py

test-systemd: build ## Boot a real systemd in namespaces and test the units, the sockets, the sandbox in it
	@.ci/setup systemd
	@SWIFT=$(SWIFT) .ci/release SystemdProbe
	@Tests/Systemd/run .build/release

pages: setup ## Open every page, letter and order, in three languages, in a real browser, and print it
	@.ci/setup pages
	@SWIFT=$(SWIFT) .ci/pages

fuzz: setup ## Run every fuzz target for SECONDS_EACH seconds, and report executions, edges and findings
	@SWIFT=$(SWIFT) SECONDS_EACH=$(SECONDS_EACH) Tests/Fuzz/run

torture: build ## Kill the daemon, take away its disk, memory and clock, attack it: minutes; HOURS=1 for long, QUICK=1 for short
	@.ci/setup torture
	@python3 Tests/Torture/run.py $(if $(QUICK),--quick) $(if $(HOURS),--hours $(HOURS)) $(if $(KILLS),--kills $(KILLS)) $(TORTURE)

lint: setup ## Check format, headers, imports, scripts, acts, schemas, vectors and links
	@.ci/lint

format: ## Format our own Swift files in place
	@.ci/lint --format

generate: ## Write the generated code from protocol/ anew
	@$(SWIFT) run ProtocolGenerator
	@python3 clients/python/generate.py

man: build ## Write the manual pages of both programs, for make install to take along
	@.ci/man

deb: build ## Build the Debian packages into .build/deb; the host that installs them needs no toolchain
	@.ci/setup package
	@.ci/man
	@.ci/deb

bench-setup: ## Install what only the benchmarks need: Debian's packages, and the peers from PyPI
	@.ci/setup build bench
	@Tests/Benchmarks/peers/setup

bench: bench-setup ## Measure the daemon and its peers: prints tables, and writes them with plots into docs/benchmarks
	@SWIFT=$(SWIFT) Tests/Benchmarks/run

bench-gate: ## Compare instruction and allocation counts with the checked-in thresholds; no decision while a decisive fact is missing
	@.ci/setup build gate
	@SWIFT=$(SWIFT) Tests/Benchmarks/run --gate

install: ## Install what was built under $(DESTDIR)$(PREFIX)
	@DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) .ci/install
