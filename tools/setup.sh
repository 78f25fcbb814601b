#!/usr/bin/env bash
# Installs what the tests need beside Go, Node and make: a C compiler for the
# race detector, Chromium, a PostgreSQL server. It uses apt when it may, and
# otherwise says in one line what to install.
set -euo pipefail

# The OpenID Connect provider that sign-in is tested against.
if [ test/oidc/package-lock.json -nt test/oidc/node_modules/.package-lock.json ]; then
  npm ci --prefix test/oidc --ignore-scripts --no-audit --no-fund --loglevel=error
fi

missing=()
command -v gcc >/dev/null || missing+=(gcc libc6-dev)
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || command -v postgres >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0

if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "make test needs: ${missing[*]}. Install with: sudo apt-get install ${missing[*]}" >&2
  [ -z "${CI:-}" ] || exit 1
fi
