#!/bin/bash
# Build core/ and its unit tests for s390x, a big-endian machine, and run them in an emulator.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# big-endian.sh [CTEST OPTION...]
#   For Debian 12, as any user. Requires the packages of packaging/packages.sh endian, and the network: GLib for s390x is
#   downloaded into the build folder and not installed.
#   BTBB_ENDIAN_BUILD   build there (default: build-s390x/ in the checkout); GLib is kept there for the next run
# Exit code: ctest's; 77 when GLib cannot be downloaded.
set -eu -o pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
build=${BTBB_ENDIAN_BUILD:-$top/build-s390x}
root=$build/root
libraries=$root/usr/lib/s390x-linux-gnu
headers=(libglib2.0-dev libpcre2-dev)
shared=(libglib2.0-0 libpcre2-8-0)

# apt-get with this machine's sources and keys, but for s390x and with lists and files of its own.
apt() {
    apt-get -qq -o APT::Architecture=s390x -o APT::Architectures=s390x -o Dir::State="$build/apt" \
        -o Dir::State::status="$build/apt/status" -o Dir::Cache="$build/apt" -o APT::Sandbox::User=root \
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false "$@"
}

fetch_glib() {
    rm -rf "$build/apt" "$root.new"
    mkdir -p "$build/apt/lists/partial" "$build/apt/archives/partial" "$root.new"
    : > "$build/apt/status"
    apt update && (cd "$build/apt" && apt download "${headers[@]}" "${shared[@]}") ||
        { echo "*** NOT RUN: GLib for s390x cannot be fetched" >&2; return 77; }
    for package in "$build"/apt/*.deb; do
        dpkg-deb -x "$package" "$root.new"
    done
    rm -rf "$build/apt"
    mv "$root.new" "$root"
}

[ -d "$root" ] || fetch_glib

export PKG_CONFIG_LIBDIR=$libraries/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root
emulator="qemu-s390x;-L;/usr/s390x-linux-gnu;-E;LD_LIBRARY_PATH=/usr/s390x-linux-gnu/lib:$libraries:$root/lib/s390x-linux-gnu"
cmake -S "$top" -B "$build" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=s390x \
    -DCMAKE_C_COMPILER=s390x-linux-gnu-gcc -DCMAKE_CROSSCOMPILING_EMULATOR="$emulator" \
    -DCMAKE_EXE_LINKER_FLAGS="-Wl,-rpath-link,$libraries" -DBTBB_CORE_ONLY=ON -DBTBB_WERROR=ON > "$build/cmake.log"
cmake --build "$build" --parallel "$(nproc)" > "$build/make.log" || { cat "$build/make.log"; exit 1; }
file "$build/tests/core/test-decode" | grep -q 'MSB .*IBM S/390'
ctest --test-dir "$build" --output-on-failure --no-tests=error "$@"
