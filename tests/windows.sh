#!/bin/bash
# Build the parts of the core that need no GLib for Windows, and run their tests with wine.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# windows.sh [PYTEST OPTION...]     for Debian 12, as any user; needs packaging/packages.sh windows test
#   BTBB_WINDOWS_BUILD   build there (default: build-windows/ in the checkout)
# Exit code: pytest's.
set -eu -o pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
build=${BTBB_WINDOWS_BUILD:-$top/build-windows}
# Without unwind tables: gcc 12 for Windows crashes when it writes those of clock-resume.c.
cmake -S "$top" -B "$build" -DCMAKE_SYSTEM_NAME=Windows -DCMAKE_C_COMPILER=x86_64-w64-mingw32-gcc -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_FLAGS=-fno-asynchronous-unwind-tables \
    -DCMAKE_EXE_LINKER_FLAGS=-static -DBTBB_CORE_ONLY=ON -DBTBB_NO_GLIB=ON -DBTBB_WERROR=ON > "$build-cmake.log" 2>&1 ||
    { tail -n 20 "$build-cmake.log" >&2; exit 1; }
cmake --build "$build" --parallel "$(nproc)" > "$build/make.log" 2>&1 || { cat "$build/make.log"; exit 1; }
file "$build/tests/core/decode-vectors.exe" | grep -q 'PE32+ executable (console) x86-64'
export BTBB_BUILD=$build BTBB_CORE_RUNNER=wine WINEPREFIX=$build/wine WINEDEBUG=-all
# One server for all programs: a program that starts while the server of the last one ends may fail.
mkdir -p "$WINEPREFIX"
wineserver -p > /dev/null 2>&1
trap 'wineserver -k' EXIT
wine cmd /c ver > "$build/wine.log" 2>&1 < /dev/null
cd "$top"
/usr/bin/python3 -m pytest -q tests/core/test_vectors.py tests/core/test_capture.py tests/core/test_crypt.py \
    -k 'not instructions' "$@"
