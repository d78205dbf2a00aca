#!/bin/bash
# Builds and tests everything and ends with a line "N passed, N failed". Arguments go to Bazel:
#
#   deploy/test.sh
#   deploy/test.sh --config=asan
set -uo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
bazel test --color=no --curses=no --noshow_progress --keep_going \
  --disk_cache="${XDG_CACHE_HOME:-$HOME/.cache}/patchbay-bazel" "$@" //... 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
awk '/^\/\/.* (PASSED|FLAKY) in/ { passed++ }
     /^\/\/.* (FAILED|TIMEOUT|NO STATUS)/ { failed++ }
     END { printf "%d passed, %d failed\n", passed, failed }' "$log"
exit "$status"
