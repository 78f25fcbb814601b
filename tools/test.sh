#!/usr/bin/env bash
# Runs one part of the tests: unit (with the race detector), heavy (bulk,
# fault and load tests, without it) or browser. One PostgreSQL serves a run.
# In CI nothing may be skipped because a part is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${CI:-}" ]; then
  export REQUIRE_POSTGRES=1 REQUIRE_BROWSER=1 REQUIRE_OIDC=1
fi
heavy='^Test(Bulk|Fault|Load)'
packages=$(go list ./... | grep -v '/test/browser$')

case "${1:-}" in
  unit)    go run ./tools/testdb -- go test -race -skip "$heavy" -timeout 15m $packages ;;
  heavy)   go run ./tools/testdb -- go test -run "$heavy" -timeout 10m $packages ;;
  browser) go test -timeout 40m ./test/browser ;;
  *) echo "usage: tools/test.sh unit|heavy|browser" >&2; exit 2 ;;
esac
