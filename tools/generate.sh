#!/usr/bin/env bash
# Makes every generated file that is kept in the repository.
set -euo pipefail
cd "$(dirname "$0")/.."

go tool templ generate -log-level error
go run ./cmd/ambassadeur handbook schema > handbooks/schema.json.new
mv handbooks/schema.json.new handbooks/schema.json
go run ./tools/coverage > docs/policy-coverage.md.new
mv docs/policy-coverage.md.new docs/policy-coverage.md
go run ./tools/machines > docs/state-machines.md.new
mv docs/state-machines.md.new docs/state-machines.md
