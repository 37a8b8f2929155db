#!/usr/bin/env bash
# The demo and the tests start servers of their own: this sees to it that there is a program to start.
set -euo pipefail

if [[ -n "${JOBS_TEST_REDIS:-}" ]] || command -v redis-server >/dev/null || command -v valkey-server >/dev/null; then
    exit 0
fi
echo "Installing redis-server ..."
if ! "$(dirname "${BASH_SOURCE[0]}")/apt-install.sh" redis-server; then
    echo "Neither redis-server nor valkey-server is on PATH. Install one (Debian: apt-get install redis-server;" >&2
    echo "Fedora: dnf install valkey; macOS: brew install redis), or name a server in JOBS_TEST_REDIS (host:port)." >&2
    exit 1
fi
