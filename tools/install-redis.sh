#!/usr/bin/env bash
# The demo and the tests start servers of their own, and need the program: installs redis-server where there is none.
set -euo pipefail

if command -v redis-server >/dev/null || command -v valkey-server >/dev/null; then
    exit 0
fi
if [[ -n "${JOBS_TEST_REDIS:-}" ]]; then
    exit 0
fi

as_root=()
if [[ $EUID -ne 0 ]]; then
    as_root=(sudo -n)
fi
if ! command -v apt-get >/dev/null || { [[ $EUID -ne 0 ]] && ! sudo -n true 2>/dev/null; }; then
    echo "redis-server (or valkey-server) is not on PATH and can't be installed from here." >&2
    echo "Install it (Debian: apt-get install redis-server; Fedora: dnf install valkey; macOS: brew install redis)," >&2
    echo "or name a server in JOBS_TEST_REDIS (host:port)." >&2
    exit 1
fi

# The package would start a service: this tells its scripts not to. A policy that is there already is left as it is.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi

echo "Installing redis-server ..."
log="$(mktemp)"
install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends redis-server >"$log" 2>&1
}
# The lists of packages may be missing or old.
install || { "${as_root[@]}" apt-get update >"$log" 2>&1 && install; } || {
    cat "$log" >&2
    exit 1
}
rm -f "$log"
