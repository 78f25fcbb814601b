# Everything that one does here has a target. `make run` and `make test` do
# all the set-up that they need.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run dev build assets generate test check fresh unit heavy browser a11y bench fuzz clean setup

ASSET_SOURCES := $(shell find internal/web/assets/css internal/web/assets/js tools/assets -type f 2>/dev/null)
MANIFEST := internal/web/assets/dist/manifest.json

help: ## Say what one can do
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: build ## Start the demonstration on http://localhost:8080
	./bin/ambassadeur demo

dev: build ## Start the demonstration and rebuild on change
	./tools/dev.sh

build: $(MANIFEST) ## Build bin/ambassadeur
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/ambassadeur ./cmd/ambassadeur

assets: $(MANIFEST) ## Bundle styles, scripts, fonts and icons

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(MANIFEST): node_modules/.package-lock.json $(ASSET_SOURCES)
	CGO_ENABLED=0 go run ./tools/assets

generate: $(MANIFEST) ## Make the generated files anew
	./tools/generate.sh

test: setup check unit heavy browser ## Run every check and every test
	@echo "All checks and tests passed."

setup: ## Install what the tests need, where that is allowed
	./tools/setup.sh

check: $(MANIFEST) ## Format, vet, staticcheck, freshness of generated files
	./tools/check.sh

unit: $(MANIFEST) ## Tests with the race detector, on SQLite and PostgreSQL
	./tools/test.sh unit

heavy: $(MANIFEST) ## Bulk, fault and load tests, without the race detector
	./tools/test.sh heavy

browser: $(MANIFEST) ## Browser tests with axe-core
	./tools/test.sh browser

a11y: $(MANIFEST) ## Every page state in every form (the full product; slow)
	A11Y_FULL=1 ./tools/test.sh browser

bench: $(MANIFEST) ## Benchmarks, each beside its limit or a peer
	./tools/bench.sh

fuzz: ## Fuzz every parser for a while: make fuzz FUZZTIME=30s
	./tools/fuzz.sh

clean: ## Remove what was built; ./data stays
	rm -rf bin node_modules internal/web/assets/dist/*
