#!/bin/bash
# Install what the tests need, build (warnings are errors), and run every test. Exit code 0: nothing failed.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u -o pipefail

usage() {
    cat <<'TEXT'
usage: tests/run.sh [-p] [-k EXPRESSION]
  -p              only the Python tests
  -k EXPRESSION   only the Python tests that pytest's EXPRESSION selects

In this order: missing Debian packages (apt-get, with sudo unless root), build, C unit tests, the same with
AddressSanitizer and UndefinedBehaviorSanitizer, with clang, for s390x (big-endian) and arm64 in an emulator, and
without GLib for Windows in wine; fuzzers, Python tests with the real tshark and Wireshark, the `check` target. Steps
that give the same result with every Wireshark version (sanitizers, other machines, fuzzers, `check`) run on Debian 12
only. The summary lists what each step costs. Its last line is: N passed, N failed, N skipped.

The tests neither use nor change installed plugins. As root, most tests run as an ordinary user (uid 1000 or nobody).

  BTBB_BUILD=DIR           build there (default: build/)
TEXT
}

python_only= select=
while getopts pk:h option; do
    case $option in
        p) python_only=yes ;;
        k) python_only=yes select=$OPTARG ;;
        h) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top" || exit 1
say() { printf '\n== %s\n' "$*"; }

# root's tshark ignores plugins of a build folder: as root, the tests run it as an ordinary user.
user=$(id -u 1000 2> /dev/null || id -u nobody)

# usable: the checkout can be tested in place. The ordinary user can read it, and the caller can write to it and to the
# build folders, which another user may have made.
usable() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid="$user" --regid="$user" --clear-groups test -r "$top/tests/run.sh"
    else
        [ -z "$(find "$top" -maxdepth 1 \( -path "$top" -o -name 'build*' \) ! -writable)" ]
    fi
}

if ! usable; then
    copy=$(mktemp -d)
    trap 'rm -rf "$copy"' EXIT
    chmod 755 "$copy"
    say "$top cannot be tested in place by user $(id -u): testing a copy in $copy"
    mkdir "$copy/btbb"
    tar -c --exclude=./build* . | tar -x --no-same-owner -C "$copy/btbb"
    [ ! -d ../shared ] || cp -R --no-preserve=mode ../shared "$copy/shared"
    chmod -R a+rX "$copy"
    BTBB_BUILD='' "$copy/btbb/tests/run.sh" "$@"
    exit
fi

build=${BTBB_BUILD:-$top/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

# cpu_seconds: user and system time of everything that has run so far. It depends little on the load of the machine.
cpu_seconds() {
    times > "$work/times"
    tr 'ms' '  ' < "$work/times" | awk 'NR == 2 { printf "%d", 60 * ($1 + $3) + $2 + $4 }'
}

# start_clock: what add() reports begins here
start_clock() {
    since=$SECONDS
    cpu_seconds > "$work/cpu"
    cpu_since=$(cat "$work/cpu")
}

# add NAME PASSED FAILED SKIPPED: a line of the summary, with the time since the line before it
add() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    cpu_seconds > "$work/cpu"
    printf '%-28s %5d passed %5d failed %5d skipped %6d s %6d CPU s\n' "$1" "$2" "$3" "$4" $((SECONDS - since)) \
        $(($(cat "$work/cpu") - cpu_since)) >> "$work/summary"
    start_clock
}

# skip NAME COUNT REASON: COUNT tests of a step do not run here
skip() {
    say "$1"
    echo "skipped: $3"
    add "$1" 0 0 "$2"
}

# one NAME COMMAND...: a step that counts as one test
one() {
    local name=$1
    shift
    say "$name"
    if "$@"; then add "$name" 1 0 0; else add "$name" 0 1 0; fi
}

# junit FILE ATTRIBUTE: sum of an attribute over the test suites of a JUnit file; 0 without a file
junit() {
    { cat "$1" 2> /dev/null | tr '\n\t' '  ' | grep -o '<testsuite [^>]*' || true; } | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9\n' |
        awk '{ n += $1 } END { print n + 0 }'
}

# from_junit NAME FILE: a missing file, or one without a test, is a failure
from_junit() {
    local tests bad skip
    tests=$(junit "$2" tests) skip=$(($(junit "$2" skipped) + $(junit "$2" disabled)))
    bad=$(($(junit "$2" failures) + $(junit "$2" errors)))
    [ "$tests" -gt 0 ] || bad=1 tests=1
    add "$1" $((tests - bad - skip)) "$bad" "$skip"
}

# install PACKAGE...: install those that are missing
install() {
    local missing=() package sudo=()
    command -v dpkg-query > /dev/null || { echo "not a Debian system; required packages: $*"; return 0; }
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Debian packages: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        sudo=(sudo)
        [ -t 0 ] || sudo+=(-n)
        "${sudo[@]}" true || { echo "tests/run.sh: cannot install: neither root nor sudo" >&2; return 1; }
    fi
    "${sudo[@]}" apt-get -q update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y --no-install-recommends install "${missing[@]}" < /dev/null
}

configure_and_build() {
    local folder=$1
    shift
    cmake -S . -B "$folder" -DBTBB_WERROR=ON "$@" > "$work/cmake.log" 2>&1 || { cat "$work/cmake.log"; return 1; }
    cmake --build "$folder" --parallel "$(nproc)" > "$work/make.log" 2>&1 || { cat "$work/make.log"; return 1; }
}

# unit_tests FOLDER NAME
unit_tests() {
    say "$2"
    ctest --test-dir "$1" --parallel "$(nproc)" --output-on-failure --no-tests=error --output-junit "$work/unit.xml"
    from_junit "$2" "$work/unit.xml"
    rm -f "$work/unit.xml"
}

# As many files at once as there are processors; files that install something are one group, one after the other.
python_tests() {
    say "Python tests"
    /usr/bin/python3 -m pytest -q -n "$(nproc)" --dist loadgroup --durations=15 "$@" --junitxml="$work/pytest.xml"
    from_junit "Python tests" "$work/pytest.xml"
}

sanitized() {
    one "build with ASan and UBSan" configure_and_build "$build-sanitize" -DBTBB_SANITIZE=address,undefined \
        -DBTBB_CORE_ONLY=ON -DCMAKE_BUILD_TYPE=Debug
    unit_tests "$build-sanitize" "C unit tests, ASan+UBSan"
}

with_clang() {
    one "build with clang" configure_and_build "$build-clang" -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug
    unit_tests "$build-clang" "C unit tests, clang"
}

# emulated MACHINE: the unit tests of the core on another machine
emulated() {
    local status=0 packages name="C unit tests, $1"
    mapfile -t packages < <(packaging/packages.sh emulated)
    install "${packages[@]}" || { skip "$name" 1 "${packages[*]} cannot be installed"; return; }
    say "$name"
    BTBB_EMULATED_BUILD="$build-$1" tests/emulated.sh "$1" --output-junit "$work/$1.xml" || status=$?
    if [ $status -eq 77 ]; then
        skip "$name" 1 "GLib for $1 cannot be downloaded"
    else
        from_junit "$name" "$work/$1.xml"
    fi
}

# The parts of the core that need no GLib, as Windows programs.
windows() {
    local packages name="core on Windows (wine)"
    mapfile -t packages < <(packaging/packages.sh windows)
    install "${packages[@]}" || { skip "$name" 1 "${packages[*]} cannot be installed"; return; }
    say "$name"
    BTBB_WINDOWS_BUILD="$build-windows" tests/windows.sh --junitxml="$work/windows.xml" || true
    from_junit "$name" "$work/windows.xml"
}

# libFuzzer is in a package whose name contains clang's version.
fuzz() {
    local status=0
    install "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev" || echo "continuing without libFuzzer"
    say "fuzzers"
    BTBB_FUZZ_BUILD="$build-fuzz" tests/fuzz/run.sh 6 || status=$?
    case $status in
        0) add "fuzzers" $fuzzers 0 0 ;;
        77) skip "fuzzers" $fuzzers "no libFuzzer" ;;
        *) add "fuzzers" 0 1 0 ;;
    esac
}

check() {
    one "check" cmake --build "$build" --target check
}

# Steps that give the same result with every Wireshark version run once: on Debian 12.
here=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
on_debian_12() {
    local name=$1 count=$2
    shift 2
    if [ "$here" = bookworm ]; then "$@"; else skip "$name" "$count" "runs on Debian 12 only"; fi
}

summary() {
    local vectors=0 captures=0
    if [ -s "$BTBB_SHARED_LOG" ]; then
        vectors=$(sort -u "$BTBB_SHARED_LOG" | grep -c '^vector ')
        captures=$(sort -u "$BTBB_SHARED_LOG" | grep -c '^capture ')
    fi
    say "summary"
    cat "$work/summary"
    echo "of ../shared: $vectors vectors and $captures captures used; $SECONDS s in total"
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

export BTBB_BUILD=$build
export BTBB_SHARED_LOG=$work/shared.log

mapfile -t packages < <(packaging/packages.sh all)
install "${packages[@]}" || { echo "tests/run.sh: the packages listed above are required" >&2; exit 1; }
start_clock
one "build, warnings are errors" configure_and_build "$build"
if [ -z "$python_only" ]; then
    unit_tests "$build" "C unit tests"
    on_debian_12 "C unit tests, ASan+UBSan" 1 sanitized
    with_clang
    for machine in s390x arm64; do
        on_debian_12 "C unit tests, $machine" 1 emulated $machine
    done
    on_debian_12 "core on Windows (wine)" 1 windows
    fuzzers=$(find tests/fuzz -name "fuzz-*.c" | wc -l)
    on_debian_12 "fuzzers" "$fuzzers" fuzz
fi
only_here=()
[ "$here" = bookworm ] || only_here=(--ignore=tests/core --ignore=tests/samples)     # the same with every Wireshark
python_tests "${only_here[@]}" ${select:+-k "$select"} tests
[ -n "$python_only" ] || on_debian_12 "check" 1 check
summary
