#!/bin/bash
# Make everything of a release: the Debian packages for Debian 12, 13 and unstable, the source, and their checksums.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# release.sh FOLDER [RELEASE...]   writes to FOLDER, which is made if need be; RELEASE: default bookworm trixie sid
# As root, with a clean checkout: each package is built in a root file system of its release (tests/matrix.sh). The version is
# that of CMakeLists.txt, and NEWS.md must begin with it.
set -eu -o pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
fail() { printf 'release: %s\n' "$*" >&2; exit 1; }

[ $# -gt 0 ] || { echo "usage: release.sh FOLDER [RELEASE...]" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- bookworm trixie sid
version=$("$top/packaging/version.sh")
news=$(sed -n '/^## /{s/^## \([0-9.]*\).*/\1/p;q}' "$top/NEWS.md")
[ "$news" = "$version" ] || fail "NEWS.md begins with version $news, CMakeLists.txt has $version"
[ -z "$(git -C "$top" status --porcelain)" ] || fail "the checkout has changes that are not committed"

git -C "$top" archive --prefix="btbb-$version/" -o "$out/btbb-$version.tar.gz" HEAD
BTBB_MATRIX_STRICT=1 "$top/tests/matrix.sh" -o "$out" -c 'packaging/build-deb.sh /src/out && lintian --allow-root \
    --fail-on error,warning "$(ls -t /src/out/wireshark-btbb_*.deb | head -n 1)"' "$@" || fail "a package could not be built"
(cd "$out" && sha256sum "btbb-$version.tar.gz" wireshark-btbb_"$version"-*.deb > SHA256SUMS && cat SHA256SUMS)
