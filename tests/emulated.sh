#!/bin/bash
# Build the core and its unit tests for another machine, and run them in an emulator.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# emulated.sh MACHINE [CTEST OPTION...]
#   MACHINE is Debian's name: s390x, which is big-endian, or arm64.
#   For Debian 12, as any user. Requires the packages of packaging/packages.sh emulated, and the network: GLib for that
#   machine is downloaded into the build folder and not installed.
#   BTBB_EMULATED_BUILD   build there (default: build-MACHINE/ in the checkout); GLib is kept there for the next run
# Exit code: ctest's; 2 when MACHINE is missing or unknown; 77 when GLib cannot be downloaded.
set -eu -o pipefail

machine=${1:-}
case $machine in
    s390x) triplet=s390x-linux-gnu qemu=qemu-s390x kind='MSB .*IBM S/390' ;;
    arm64) triplet=aarch64-linux-gnu qemu=qemu-aarch64 kind='LSB .*ARM aarch64' ;;
    *) echo "usage: emulated.sh s390x|arm64 [CTEST OPTION...]" >&2; exit 2 ;;
esac
shift
top=$(cd "$(dirname "$0")/.." && pwd)
build=${BTBB_EMULATED_BUILD:-$top/build-$machine}
root=$build/root
libraries=$root/usr/lib/$triplet
headers=(libglib2.0-dev libpcre2-dev)
shared=(libglib2.0-0 libpcre2-8-0)

# apt-get with this machine's sources and keys, but for the other machine and with lists and files of its own.
apt() {
    apt-get -qq -o APT::Architecture="$machine" -o APT::Architectures="$machine" -o Dir::State="$build/apt" \
        -o Dir::State::status="$build/apt/status" -o Dir::Cache="$build/apt" -o APT::Sandbox::User=root \
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false "$@"
}

fetch_glib() {
    rm -rf "$build/apt" "$root.new"
    mkdir -p "$build/apt/lists/partial" "$build/apt/archives/partial" "$root.new"
    : > "$build/apt/status"
    apt update && (cd "$build/apt" && apt download "${headers[@]}" "${shared[@]}") ||
        { echo "*** NOT RUN: GLib for $machine cannot be downloaded" >&2; return 77; }
    for package in "$build"/apt/*.deb; do
        dpkg-deb -x "$package" "$root.new"
    done
    rm -rf "$build/apt"
    mv "$root.new" "$root"
}

[ -d "$root" ] || fetch_glib

export PKG_CONFIG_LIBDIR=$libraries/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root
emulator="$qemu;-L;/usr/$triplet;-E;LD_LIBRARY_PATH=/usr/$triplet/lib:$libraries:$root/lib/$triplet"
cmake -S "$top" -B "$build" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="${triplet%%-*}" \
    -DCMAKE_C_COMPILER="$triplet-gcc" -DCMAKE_CROSSCOMPILING_EMULATOR="$emulator" \
    -DCMAKE_EXE_LINKER_FLAGS="-Wl,-rpath-link,$libraries" -DBTBB_CORE_ONLY=ON -DBTBB_WERROR=ON > "$build/cmake.log" 2>&1 ||
    { cat "$build/cmake.log"; exit 1; }
cmake --build "$build" --parallel "$(nproc)" > "$build/make.log" 2>&1 || { cat "$build/make.log"; exit 1; }
file "$build/tests/core/test-decode" | grep -q "$kind"
ctest --test-dir "$build" --parallel "$(nproc)" --output-on-failure --no-tests=error "$@"
