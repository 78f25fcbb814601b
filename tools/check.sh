#!/usr/bin/env bash
# Format, vet, staticcheck, and whether the generated files are those that
# their sources give now.
set -euo pipefail
cd "$(dirname "$0")/.."

unformatted=$(git ls-files '*.go' | xargs gofmt -l)
if [ -n "$unformatted" ]; then
  echo "gofmt would change: $unformatted" >&2
  exit 1
fi
go vet ./...
go tool staticcheck ./...

sums() { git ls-files '*_templ.go' '*_gen.go' handbooks/schema.json docs/policy-coverage.md docs/state-machines.md | xargs -r sha256sum; }
before=$(sums)
./tools/generate.sh
if [ "$before" != "$(sums)" ]; then
  echo "Generated files were stale; they are fresh now. Look at them and commit:" >&2
  diff <(echo "$before") <(sums) | sed -n 's/^> [0-9a-f]*  /  /p' >&2
  exit 1
fi
