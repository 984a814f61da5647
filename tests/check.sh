#!/bin/bash
# check.sh BUILD: format, static analysis and the rules of this project over all C sources; any finding is an error.
# check.sh --format: bring all C sources into the project's format.
# `make check` and `make format` in the build folder run it. SPDX-License-Identifier: GPL-2.0-or-later
set -u
cd "$(dirname "$0")/.." || exit 1
build=${1:?usage: check.sh BUILD, or check.sh --format}
failed=0
jobs=$(nproc)

mapfile -t sources < <(find bench command compat core extcap man plugin stats tests -name '*.[ch]' 2>/dev/null | sort)
mapfile -t units < <(printf '%s\n' "${sources[@]}" | grep -v ^tests/ | grep '\.c$')

if [ "$build" = --format ]; then
    exec clang-format -i "${sources[@]}"
fi

for tool in clang-format run-clang-tidy cppcheck python3; do
    command -v "$tool" >/dev/null || { echo "check: $tool is missing (packaging/packages.sh check)" >&2; exit 2; }
done
[ -f "$build/compile_commands.json" ] || { echo "check: no compile_commands.json in $build" >&2; exit 2; }

# step NAME COMMAND...: exit code 77 means that the step could not run.
step() {
    local name=$1 out status=0
    shift
    out=$("$@" 2>&1) || status=$?
    case $status in
        0) echo "check: $name: ok" ;;
        77) printf '%s\ncheck: %s: skipped\n' "$out" "$name" ;;
        *) printf '%s\ncheck: %s: FAILED\n' "$out" "$name"; failed=1 ;;
    esac
}

step "rules of the project" python3 tests/check_rules.py
step "Wireshark's checkers" python3 tests/wireshark_checkers.py "$build/wireshark-tools"
step "clang-format" clang-format --dry-run -Werror "${sources[@]}"
tidy() {
    run-clang-tidy -quiet -j "$jobs" -p "$build" -extra-arg=-Wno-ignored-optimization-argument "^$PWD/(command|compat|core|extcap|man|plugin|stats)/" 2>&1 |
        grep -vE '^(clang-tidy.* -p=|[0-9]+ warnings? generated)'
    return "${PIPESTATUS[0]}"
}

step "clang-tidy" tidy
step "cppcheck" cppcheck -q -j "$jobs" --std=c11 --library=gtk --enable=warning,performance,portability,style \
    --inline-suppr --suppressions-list=.cppcheck-suppressions --error-exitcode=1 \
    -I . -I core -I "$build" "${units[@]}"
exit $failed
