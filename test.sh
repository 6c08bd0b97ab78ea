#!/usr/bin/env bash
# Runs every test: unit, cluster (twice: the second time on a store that fails now and then), end to end. Installs redis-server and iproute2 from the distribution where
# they are missing and may be installed; without the first the tests use Garnet in a process of its own, without the second those that cut a network are skipped. Arguments go on to 'dotnet test'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf 'test: %s\n' "$*" >&2; }

# install PACKAGE PROGRAM WITHOUT: from the distribution, where the program is missing.
install() {
    command -v "$2" >/dev/null && return
    if [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null; then
        say "installing $1…"
        if apt-get update -qq >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$1" >/dev/null 2>&1; then
            return
        fi
    fi
    say "$1 is not installed: $3"
}

install redis-server redis-server "Garnet stands in for it."
install iproute2 ip "the tests that cut a network are skipped."
dotnet build MorningAI.Orleans.sln -c Release -nologo -v quiet -clp:NoSummary

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0 status=0
count() { sed -nE "s/^ *$1: *([0-9]+).*/\1/p" "$log" | tail -n 1; }
run() {
    local project=$1
    shift
    dotnet test --project "$project" -c Release --no-build --no-ansi --no-progress "$@" 2>&1 | tee "$log" || status=1
    passed=$((passed + $(count succeeded))) failed=$((failed + $(count failed))) skipped=$((skipped + $(count skipped)))
}

# One assembly at a time: the cluster tests want the cores for their silos. The fast ones are first.
say "tests/Unit"
run tests/Unit "$@"
say "tests/Cluster"
run tests/Cluster "$@"
seed=${MORNINGAI_TEST_STORE_FAULTS:-1}
say "tests/Cluster again, with one call to the store in a hundred refused, hung, slow or executed unseen (MORNINGAI_TEST_STORE_FAULTS=$seed)"
MORNINGAI_TEST_STORE_FAULTS=$seed run tests/Cluster "$@"
say "tests/EndToEnd"
run tests/EndToEnd "$@"
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
exit "$status"
