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
# How often make torture kills.
KILLS ?= 300

.PHONY: help setup build run test test-python test-systemd guides torture deb bench bench-setup bench-gate lint format install generate man

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

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

test-python: ## Check the Python client: generated code, types, vectors, and its tests against the built daemon
	@.ci/setup python
	@.ci/python

guides: build ## Do what the guides say, with the programs that were built, and look whether it is as they show
	@cd Tests/Guides && python3 -m unittest -q test_guides
	@python3 Tests/Guides/guides.py

test-systemd: build ## Boot a real systemd in namespaces and test the units, the sockets, the sandbox in it
	@.ci/setup systemd
	@SWIFT=$(SWIFT) .ci/release SystemdProbe
	@Tests/Systemd/run .build/release

torture: build ## Kill the daemon KILLS times under concurrent writes, and look whether anything that was acknowledged is lost
	@python3 Tests/Torture/kill_loop.py --kills $(KILLS)

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

bench-setup: ## Install what only the benchmarks need
	@.ci/setup build bench

bench: bench-setup ## Measure the socket path, the wire, one assessment and a bulk stream; prints a table
	@Tests/Benchmarks/run

bench-gate: bench-setup ## Compare instruction and allocation counts with the checked-in thresholds
	@Tests/Benchmarks/run --gate

install: ## Install what was built under $(DESTDIR)$(PREFIX)
	@DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) .ci/install
