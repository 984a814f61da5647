#!/bin/sh
# Debian packages by purpose: the one list that install.sh, tests/run.sh and tests/matrix.sh install from.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# packages.sh GROUP...   prints the packages of the groups, one a line; the names hold for Debian 12, 13 and unstable
#   build    compile both plugins and the command
#   run      use them in tshark
#   gui      use them in Wireshark
#   test     the C and Python tests (tests/run.sh)
#   guitest  the tests that drive Wireshark on a virtual display
#   browser  the tests that open the report in a browser
#   check    static analysis, sanitizers' helpers and the second compiler
#   deb      make and check the Debian package
#   all      all of these: what tests/run.sh needs on every release
#   matrix   make the root file systems of other releases (tests/matrix.sh, which installs them)
#   emulated compilers and emulator of tests/emulated.sh, for Debian 12 (tests/run.sh installs them there)
#   windows  the compiler and emulator of tests/windows.sh, likewise
#   in-tree  what Wireshark's own build needs beside "build" (tests/in-tree.sh)
set -eu

group() {
    case "$1" in
        build) echo gcc libc6-dev make cmake pkg-config libglib2.0-dev wireshark-dev libsqlite3-dev libgcrypt20-dev libjs-chart.js ;;
        run) echo tshark ;;
        gui) echo wireshark ;;
        test) echo python3 python3-pytest python3-pytest-xdist python3-pandas python3-dask python3-distributed parallel sqlite3 zstd lz4 util-linux tzdata bash bash-completion man-db mandoc ;;
        guitest) echo wireshark xvfb xdotool imagemagick fonts-dejavu-core dbus-daemon at-spi2-core gir1.2-atspi-2.0 python3-gi openbox ;;
        browser) echo chromium chromium-driver python3-selenium fonts-dejavu-core ;;
        check) echo clang clang-tidy clang-format cppcheck valgrind ;;
        deb) echo dpkg-dev file lintian ;;
        matrix) echo debootstrap git mount util-linux ;;
        emulated) echo gcc-s390x-linux-gnu libc6-dev-s390x-cross gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user file ;;
        windows) echo gcc-mingw-w64-x86-64 wine wine64 file ;;
        in-tree) echo dpkg-dev flex git libc-ares-dev libpcre2-dev perl python3 rsync zlib1g-dev ;;
        all) for part in build run gui test guitest browser check deb; do group $part; done ;;
        *) echo "packages.sh: unknown group '$1' (build run gui test guitest browser check deb all matrix emulated windows in-tree)" >&2; exit 2 ;;
    esac
}

[ $# -gt 0 ] || { echo "usage: packages.sh GROUP..." >&2; exit 2; }
list=
for name in "$@"; do
    words=$(group "$name")
    list="$list $words"
done
# shellcheck disable=SC2086  # one word, one package
printf '%s\n' $list | LC_ALL=C sort -u
