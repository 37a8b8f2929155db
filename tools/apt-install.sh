#!/usr/bin/env bash
# Installs Debian packages without starting the services they bring. Quiet, unless it fails.
set -euo pipefail

as_root=()
if [[ $EUID -ne 0 ]]; then
    as_root=(sudo -n)
fi
if ! command -v apt-get >/dev/null || { [[ $EUID -ne 0 ]] && ! sudo -n true 2>/dev/null; }; then
    echo "Installing $* takes apt-get and root (or sudo without a password)." >&2
    exit 1
fi

log="$(mktemp)"
# Packages ask this policy before they start anything. One that is there already is left as it is.
policy=/usr/sbin/policy-rc.d
own_policy=false
clean_up() {
    rm -f "$log"
    if $own_policy; then
        "${as_root[@]}" rm -f "$policy"
    fi
}
trap clean_up EXIT
if [[ ! -e $policy ]]; then
    own_policy=true
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
fi

install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@" >"$log" 2>&1
}
# The lists of packages may be missing or old.
if ! install "$@"; then
    "${as_root[@]}" apt-get update >"$log" 2>&1 && install "$@" || {
        cat "$log" >&2
        exit 1
    }
fi
