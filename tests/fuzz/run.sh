#!/bin/bash
# Fuzz what needs no Wireshark: run.sh [SECONDS [FUZZER...]] (20 seconds for each of them by default), after replaying
# every earlier finding. A finding is written to tests/fuzz/findings/FUZZER/: fix it, keep the file, commit both.
#
# run.sh -c [SECONDS [FUZZER...]] measures coverage instead: of the seeds, and of what a run before has found.
#
# BTBB_FUZZ_JOBS=N: N processes for each fuzzer at a time, which exchange what they find (default: 1).
# SPDX-License-Identifier: GPL-2.0-or-later
set -euo pipefail
export TZ=America/New_York       # a zone with summer time, for the report
export ASAN_OPTIONS=malloc_context_size=1:${ASAN_OPTIONS:-}     # a stack for each allocation takes a tenth of the time
declare -A max_len=([decode]=400)       # bytes of an input: frames are short, and time goes with the frames
jobs=${BTBB_FUZZ_JOBS:-1}
coverage=
[ "${1:-}" != -c ] || { coverage=1; shift; }
seconds=${1:-20}
shift $(($# > 0))
[ $# -gt 0 ] || set -- clock decode decrypt keys links options read totals
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${BTBB_FUZZ_BUILD:-$top/build-fuzz}
findings=$top/tests/fuzz/findings

command -v clang >/dev/null || { echo "fuzz: skipped, clang is not installed"; exit 77; }
mkdir -p "$build"
echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n); int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return !d && n; }' |
    clang -fsanitize=fuzzer -x c - -o "$build/probe" 2>/dev/null ||
    { echo "fuzz: skipped, this clang has no libFuzzer (Debian: libclang-rt-VERSION-dev)"; exit 77; }

# build FOLDER FLAGS SANITIZERS. No NDEBUG: the fuzzers assert.
build() {
    cmake -S "$top" -B "$1" -DCMAKE_C_COMPILER=clang -DBTBB_CORE_ONLY=ON -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS="$2" \
        -DBTBB_SANITIZE="$3" >"$build/build.log" 2>&1 &&
        cmake --build "$1" --parallel "$(nproc)" --target "${@:4}" >"$build/build.log" 2>&1 ||
        { cat "$build/build.log"; return 1; }
}
build "$build" -O1 fuzzer-no-link,address,undefined "${@/#/fuzz-}"
/usr/bin/python3 "$top/tests/fuzz/make_corpus.py" "$build/corpus"

# Lines of our sources that the inputs of a fuzzer do not reach; cover/NAME.txt shows them all.
cover() {
    local name=$1 program=$build/cover/tests/fuzz/fuzz-$1
    LLVM_PROFILE_FILE=$build/cover/$name.profraw "$program" -runs=0 -timeout=60 -rss_limit_mb=2048 \
        -max_len="${max_len[$name]:-8192}" \
        "$build/corpus/$name" "$build/found/$name" >"$build/$name.log" 2>&1 || { tail -n 60 "$build/$name.log"; exit 1; }
    "$tools/llvm-profdata" merge -o "$build/cover/$name.profdata" "$build/cover/$name.profraw"
    echo "== fuzz-$name: lines that $(find "$build/corpus/$name" "$build/found/$name" -type f | wc -l) inputs reach"
    "$tools/llvm-cov" report "$program" -instr-profile "$build/cover/$name.profdata" "$top/core" "$top/command" |
        awk 'NF >= 13 && $8 > 0 && $9 < $8 || /^TOTAL/ { printf "%-28s %5d lines, %5d not reached, %s\n", $1, $8, $9, $10 }'
    "$tools/llvm-cov" show "$program" -instr-profile "$build/cover/$name.profdata" "$top/core" "$top/command" \
        >"$build/cover/$name.txt"
}

if [ -n "$coverage" ]; then
    tools=$(dirname "$(readlink -f "$(command -v clang)")")
    build "$build/cover" "-O1 -fprofile-instr-generate -fcoverage-mapping" fuzzer-no-link "${@/#/fuzz-}"
fi
for name in "$@"; do
    program=$build/tests/fuzz/fuzz-$name
    mkdir -p "$findings/$name" "$build/found/$name"
    if [ -n "$coverage" ]; then
        cover "$name"
        continue
    fi
    mapfile -t old < <(find "$findings/$name" -type f | sort)
    if [ ${#old[@]} -gt 0 ]; then
        "$program" "${old[@]}" >"$build/$name.log" 2>&1 || { tail -n 40 "$build/$name.log"; exit 1; }
    fi
    rm -f "$build/$name".*.log
    pids=()
    for ((job = 0; job < jobs; job++)); do
        "$program" -max_total_time="$seconds" -timeout=30 -rss_limit_mb=2048 -max_len="${max_len[$name]:-8192}" \
            -print_final_stats=1 -artifact_prefix="$findings/$name/" "$build/found/$name" "$build/corpus/$name" \
            >"$build/$name.$job.log" 2>&1 &
        pids+=($!)
    done
    for ((job = 0; job < jobs; job++)); do
        wait "${pids[job]}" || { tail -n 60 "$build/$name.$job.log"; exit 1; }
    done
    inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name".*.log | awk '{ sum += $1 } END { print sum }')
    echo "fuzz-$name: ${#old[@]} earlier findings replayed, $inputs inputs in $seconds s"
done
