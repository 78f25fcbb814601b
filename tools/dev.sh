#!/usr/bin/env bash
# Runs the demonstration and rebuilds it when a source changes. Sessions live
# in the database, so a restart signs nobody out.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp() { find cmd internal handbooks -type f \( -name '*.go' -o -name '*.templ' -o -name '*.css' -o -name '*.js' -o -name '*.json' -o -name '*.yaml' \) -newer bin/.stamp -print -quit; }
build() {
  touch bin/.stamp
  go tool templ generate -log-level error && make --no-print-directory -s build
}
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null' EXIT
while true; do
  if build; then
    [ -z "$pid" ] || { kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null || true; }
    ./bin/ambassadeur demo & pid=$!
  fi
  while [ -z "$(stamp)" ]; do sleep 0.5; done
done
