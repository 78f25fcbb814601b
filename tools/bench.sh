#!/usr/bin/env bash
# Runs the benchmarks. Each prints its figure beside a limit or a peer that
# was measured in the same run; compare ratios, not absolute figures.
set -euo pipefail
cd "$(dirname "$0")/.."

go test -run '^$' -bench "${BENCH:-.}" -benchtime "${BENCHTIME:-1s}" ./internal/...
go run ./tools/bench
