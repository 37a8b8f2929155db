#!/usr/bin/env bash
# Runs a command so that Testcontainers.Redis works in it, where neither Docker Engine nor a registry of images is in reach:
# with Debian's dockerd, on a socket and in a folder of its own, and an image made of the files of Debian's redis-server.
#   tools/testcontainers.sh <command> [argument ...]
# Needs root, as a container engine does. Whatever it starts or makes is gone when it ends.
set -euo pipefail

if [[ $EUID -ne 0 ]]; then
    echo "TestContainers starts a Docker Engine of its own and must run as root." >&2
    exit 1
fi

work="$(mktemp -d)"
daemon=""
had_bridge=false
[[ -e /sys/class/net/docker0 ]] && had_bridge=true

clean_up() {
    if [[ -n $daemon ]]; then
        docker ps --quiet --all 2>/dev/null | xargs --no-run-if-empty docker rm --force >/dev/null 2>&1 || true
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
    fi
    if ! $had_bridge && [[ -e /sys/class/net/docker0 ]] && command -v ip >/dev/null; then
        ip link delete docker0 || true
    fi
    rm -rf "$work"
}
trap clean_up EXIT

if ! command -v dockerd >/dev/null; then
    echo "Installing docker.io ..."
    "$(dirname "${BASH_SOURCE[0]}")/apt-install.sh" docker.io
fi

# The ports that containers publish are served by docker's own proxy: the machine's firewall stays as it is.
dockerd --host "unix://$work/docker.sock" --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/docker.pid" \
    --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false >"$work/dockerd.log" 2>&1 &
daemon=$!
export DOCKER_HOST="unix://$work/docker.sock" DOCKER_API_VERSION=1.41
for _ in {1..100}; do
    docker version >/dev/null 2>&1 && break
    kill -0 "$daemon" 2>/dev/null || break
    sleep 0.2
done
if ! docker version >/dev/null; then
    tail -n 30 "$work/dockerd.log" >&2
    exit 1
fi

# The server, the client that Testcontainers asks whether the server is up, a shell, and the libraries of all three.
programs=("$(command -v redis-server)" "$(command -v redis-cli)" /bin/sh)
image="$work/image"
mkdir -p "$image"/{data,tmp,etc}
for program in "${programs[@]}"; do
    { ldd "$program" | grep --only-matching '/[^ ]*' || true; echo "$program"; }
done | sort --unique | while read -r file; do
    install -D "$file" "$image$file"
done
tar --create --directory "$image" . | docker import \
    --change 'ENTRYPOINT ["redis-server", "--protected-mode", "no"]' \
    --change 'ENV PATH=/usr/bin:/bin' --change 'EXPOSE 6379' --change 'WORKDIR /data' \
    - redis:7.0 >/dev/null

# The fixture would rather take a server that it is told of.
unset JOBS_TEST_REDIS
export TESTCONTAINERS_RYUK_DISABLED=true JOBS_TEST_CONTAINERS=1
"$@"
