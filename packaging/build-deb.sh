#!/bin/sh
# Make the Debian package wireshark-btbb for the Wireshark of this machine's release.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# build-deb.sh [FOLDER]   writes the package to FOLDER (default: where you are) and prints its name; builds with
#                         Debian's hardening flags, in a folder of its own. Needs: packages.sh build deb
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
out=$(cd "${1:-.}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

CFLAGS="$(dpkg-buildflags --get CFLAGS) $(dpkg-buildflags --get CPPFLAGS)"
LDFLAGS="$(dpkg-buildflags --get LDFLAGS) -Wl,-z,now"
export CFLAGS LDFLAGS
{
    cmake -S "$top" -B "$work" -DCMAKE_INSTALL_PREFIX=/usr -DBUILD_TESTING=OFF -DCMAKE_BUILD_TYPE=RelWithDebInfo &&
        cmake --build "$work" --parallel "$(nproc)" && (cd "$work" && cpack)
} > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
for package in "$work"/wireshark-btbb_*.deb; do
    mv "$package" "$out/"
    echo "$out/$(basename "$package")"
done
