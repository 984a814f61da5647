#!/bin/bash
# Fuzz the pure cores: run.sh [SECONDS] (20 by default, for each fuzzer), after replaying every earlier finding.
# A finding is written to tests/fuzz/findings/FUZZER/: fix it, keep the file, commit both.
# SPDX-License-Identifier: GPL-2.0-or-later
set -euo pipefail
seconds=${1:-20}
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${BTBB_FUZZ_BUILD:-$top/build-fuzz}
findings=$top/tests/fuzz/findings

command -v clang >/dev/null || { echo "fuzz: skipped, clang is not installed"; exit 77; }
mkdir -p "$build"
echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n); int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return !d && n; }' |
    clang -fsanitize=fuzzer -x c - -o "$build/probe" 2>/dev/null ||
    { echo "fuzz: skipped, this clang has no libFuzzer (Debian: libclang-rt-VERSION-dev)"; exit 77; }
# No NDEBUG: the fuzzers assert.
cmake -S "$top" -B "$build" -DCMAKE_C_COMPILER=clang -DBTBB_CORES_ONLY=ON -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS=-O1 \
    -DBTBB_SANITIZE=fuzzer-no-link,address,undefined >"$build/build.log" 2>&1 || { cat "$build/build.log"; exit 1; }
cmake --build "$build" --target fuzz_decode fuzz_options fuzz_totals -- -j"$(nproc)" >"$build/build.log" 2>&1 || { cat "$build/build.log"; exit 1; }
/usr/bin/python3 "$top/tests/fuzz/make_corpus.py" "$build/corpus"

for name in decode options totals; do
    program=$(find "$build" -name "fuzz_$name" -type f -perm -u+x)
    mkdir -p "$findings/$name"
    mapfile -t old < <(find "$findings/$name" -type f | sort)
    if [ ${#old[@]} -gt 0 ]; then
        "$program" "${old[@]}" >"$build/$name.log" 2>&1 || { tail -n 40 "$build/$name.log"; exit 1; }
    fi
    "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 \
        -artifact_prefix="$findings/$name/" "$build/corpus/$name" >"$build/$name.log" 2>&1 ||
        { tail -n 60 "$build/$name.log"; exit 1; }
    echo "fuzz_$name: ${#old[@]} earlier findings replayed, $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name.log") inputs in $seconds s"
done
