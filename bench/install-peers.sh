#!/usr/bin/env bash
# Installs what the benchmarks compare with. What can't be had is said, and its rows are skipped.
set -uo pipefail
bench="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
tools="$bench/../tools"

has() { command -v "$1" >/dev/null; }
missing() { echo "bench: $1 can't be installed, its rows are skipped." >&2; }

# npm ci does nothing when what the lock file says is there already.
install_packages() {
    local folder="$bench/Peers/$1"
    if [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]]; then
        return
    fi
    echo "Installing $1 ..."
    (cd "$folder" && npm ci --loglevel=error >/dev/null) || missing "$1"
}

if ! has node || ! has npm; then
    echo "Installing nodejs and npm ..."
    "$tools/apt-install.sh" nodejs npm || missing 'Node.js'
fi
if has npm; then
    install_packages BullMQ
    install_packages GraphileWorker
fi

if ! has postgres && ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then
    echo "Installing postgresql ..."
    "$tools/apt-install.sh" postgresql || missing PostgreSQL
fi

dotnet build "$bench/Peers/Hangfire" --configuration Release --verbosity quiet --nologo >/dev/null || missing Hangfire
