#!/bin/bash
# Install what the tests need, build (warnings are errors), and run every test. Exit code 0: nothing failed.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u -o pipefail

usage() {
    cat <<'TEXT'
usage: tests/run.sh [-k EXPRESSION]      -k: only the Python tests that pytest's EXPRESSION selects, nothing else

In this order: missing Debian packages (apt-get, by sudo where not root), build, C unit tests, the same with
AddressSanitizer and UndefinedBehaviorSanitizer, with clang, and for a big-endian machine in an emulator; fuzzers,
Python tests with the real tshark and Wireshark, the `check` target. What is the same with every Wireshark (sanitizers,
big-endian, fuzzers, `check`) runs on Debian 12 only.
The last line sums up: N passed, N failed, N skipped.

  BTBB_BUILD=DIR           build there (default: build/)
TEXT
}

select=
while getopts k:h option; do
    case $option in
        k) select=$OPTARG ;;
        h) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top" || exit 1
say() { printf '\n== %s\n' "$*"; }

# As root, the tests run tshark as an ordinary user, because root's tshark ignores plugins of a build folder.
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

# add NAME PASSED FAILED SKIPPED
add() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    printf '%-28s %5d passed %5d failed %5d skipped\n' "$1" "$2" "$3" "$4" >> "$work/summary"
}

# one NAME COMMAND...: a step that counts as one test
one() {
    local name=$1
    shift
    say "$name"
    if "$@"; then add "$name" 1 0 0; else add "$name" 0 1 0; fi
}

# junit FILE ATTRIBUTE: sum of an attribute over the test suites of a JUnit file, 0 where there is none
junit() {
    { cat "$1" 2> /dev/null | tr '\n\t' '  ' | grep -o '<testsuite [^>]*' || true; } | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9\n' |
        awk '{ n += $1 } END { print n + 0 }'
}

# from_junit NAME FILE: no file, or one without a test, is a failure
from_junit() {
    local tests bad skip
    tests=$(junit "$2" tests) skip=$(($(junit "$2" skipped) + $(junit "$2" disabled)))
    bad=$(($(junit "$2" failures) + $(junit "$2" errors)))
    [ "$tests" -gt 0 ] || bad=1 tests=1
    add "$1" $((tests - bad - skip)) "$bad" "$skip"
}

# install PACKAGE...: those of them that are not installed yet
install() {
    local missing=() package sudo=()
    command -v dpkg-query > /dev/null || { echo "not a Debian system: needed are $*"; return 0; }
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

unit_tests() {
    ctest --test-dir "$1" --output-on-failure --no-tests=error --output-junit "$work/$2.xml"
    from_junit "$3" "$work/$2.xml"
}

# As many files at once as there are processors; those that install something are one group, one after the other.
python_tests() {
    /usr/bin/python3 -m pytest -q -n "$(nproc)" --dist loadgroup --durations=15 "$@" --junitxml="$work/pytest.xml"
    from_junit "Python tests" "$work/pytest.xml"
}

on_debian_12() {
    [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = bookworm ]
}

check() {
    if ! on_debian_12; then
        echo "skipped: format and analysis are judged by the tools of Debian 12"
        add "check" 0 0 1
    else
        one "check" cmake --build "$build" --target check
    fi
}

sanitized() {
    if ! on_debian_12; then
        echo "skipped: sanitizers run on Debian 12 only"
        add "C unit tests, ASan+UBSan" 0 0 1
        return
    fi
    one "build with ASan and UBSan" configure_and_build "$build-sanitize" -DBTBB_SANITIZE=address,undefined \
        -DBTBB_CORE_ONLY=ON -DCMAKE_BUILD_TYPE=Debug
    unit_tests "$build-sanitize" sanitize "C unit tests, ASan+UBSan"
}

big_endian() {
    local status=0 packages
    say "C unit tests, big-endian"
    on_debian_12 || { echo "skipped: emulated on Debian 12 only"; add "C unit tests, big-endian" 0 0 1; return; }
    mapfile -t packages < <(packaging/packages.sh endian)
    install "${packages[@]}" || { echo "*** NOT RUN without ${packages[*]}"; status=77; }
    [ $status -ne 0 ] || BTBB_ENDIAN_BUILD="$build-s390x" tests/big-endian.sh --output-junit "$work/endian.xml" || status=$?
    if [ $status -eq 77 ]; then
        add "C unit tests, big-endian" 0 0 1
    else
        from_junit "C unit tests, big-endian" "$work/endian.xml"
    fi
}

# libFuzzer comes with a package that is named after clang's version.
fuzz() {
    local status=0
    if ! on_debian_12; then
        echo "skipped: the cores are fuzzed on Debian 12"
        add "fuzzers" 0 0 5
        return
    fi
    install "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev" || echo "going on without libFuzzer"
    say "fuzzers of the cores"
    BTBB_FUZZ_BUILD="$build-fuzz" tests/fuzz/run.sh 10 || status=$?
    case $status in
        0) add "fuzzers" 5 0 0 ;;
        77) add "fuzzers" 0 0 5 ;;
        *) add "fuzzers" 0 1 0 ;;
    esac
}

summary() {
    local vectors=0 captures=0
    if [ -s "$BTBB_SHARED_LOG" ]; then
        vectors=$(sort -u "$BTBB_SHARED_LOG" | grep -c '^vector ')
        captures=$(sort -u "$BTBB_SHARED_LOG" | grep -c '^capture ')
    fi
    say "summary"
    cat "$work/summary"
    echo "of ../shared: $vectors vectors and $captures captures used"
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

export BTBB_BUILD=$build
export BTBB_SHARED_LOG=$work/shared.log

mapfile -t packages < <(packaging/packages.sh all)
install "${packages[@]}" || { echo "tests/run.sh: the packages named above are needed" >&2; exit 1; }
one "build, warnings are errors" configure_and_build "$build"
if [ -z "$select" ]; then
    say "C unit tests"
    unit_tests "$build" unit "C unit tests"
    sanitized
    one "build with clang" configure_and_build "$build-clang" -DCMAKE_C_COMPILER=clang
    unit_tests "$build-clang" clang "C unit tests, clang"
    big_endian
    fuzz
fi
say "Python tests"
python_tests ${select:+-k "$select"} tests
[ -n "$select" ] || { say "check"; check; }
summary
