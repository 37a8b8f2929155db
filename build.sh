#!/usr/bin/env bash
# Runs build.ps1: in pwsh where it is installed, else in tools/EngineHost, a small program around the same engine.
#   ./build.sh [task] [-Parameter value ...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

task="$(tr '[:upper:]' '[:lower:]' <<<"${1:-build}")"

# dotnet keeps its own files in the home folder, and some containers have none.
if [[ ! -w "${HOME:-}" && -z "${DOTNET_CLI_HOME:-}" ]]; then
    DOTNET_CLI_HOME="$(mktemp -d)"
    export DOTNET_CLI_HOME
    trap 'rm -rf "$DOTNET_CLI_HOME"' EXIT
fi
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

has_pwsh() {
    command -v pwsh >/dev/null &&
        pwsh -NoProfile -Command 'exit [int]($PSVersionTable.PSVersion -lt [version]"7.6")'
}

# Builds EngineHost when something of it is newer than its last build, and tells where it is.
engine_host() {
    local project=tools/EngineHost program=tools/EngineHost/bin/Release/net10.0/enginehost
    local stamp="$project/obj/built" log
    if [[ ! -x $program || ! -e $stamp ]] ||
        [[ -n "$(find "$project" Directory.*.props \( -name bin -o -name obj \) -prune -o -type f -newer "$stamp" -print -quit)" ]]; then
        log="$(mktemp)"
        if ! dotnet build "$project" --configuration Release >"$log" 2>&1; then
            cat "$log" >&2
            rm -f "$log"
            return 1
        fi
        rm -f "$log"
        touch "$stamp"
    fi
    printf '%s\n' "$program"
}

case "$task" in
    bench | demo | test | testcontainers | chaos) tools/install-redis.sh ;;
esac

if has_pwsh; then
    shell=pwsh
else
    shell="$(engine_host)"
    # Tests mean nothing in a host that lets wrong things pass: it is tested first.
    if [[ $task == test ]]; then
        "$shell" -NoProfile -Command 'Invoke-Pester tools/EngineHost/Tests -CI'
    fi
fi
"$shell" -NoProfile -File build.ps1 "$@"
