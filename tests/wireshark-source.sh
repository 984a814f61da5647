#!/bin/bash
# Fetch Wireshark's source, Debian's source package of this release, with apt-get; nothing is installed or configured.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# wireshark-source.sh FOLDER [NAME...]   unpack into FOLDER, which must not exist: all with Debian's changes, or only
#                                        these files and folders of the original source
# Exit code: 77 when it cannot be fetched (no network).
set -eu -o pipefail

folder=$(realpath -m -- "${1:?usage: wireshark-source.sh FOLDER [NAME...]}")
shift
work=$folder.download
trap 'rm -rf "$work"' EXIT

# apt-get with this machine's sources and keys, but for source packages and with lists and files of its own.
apt() {
    apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State="$work/apt" -o Dir::State::status="$work/apt/status" -o Dir::Cache="$work/apt" \
        -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

rm -rf "$work"
mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial"
: > "$work/apt/status"
apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk '$3 == "main" && !seen[$0]++ { print "deb-src", $1, $2, "main" }' > "$work/sources.list"
apt update && (cd "$work" && apt source --download-only --only-source wireshark) ||
    { echo "*** Wireshark's source package cannot be fetched" >&2; exit 77; }
if [ $# -eq 0 ]; then
    (cd "$work" && dpkg-source -x wireshark_*.dsc unpacked > /dev/null)
    mv "$work/unpacked" "$folder"
else
    mkdir "$work/unpacked"
    tar -x -C "$work/unpacked" --strip-components=1 --wildcards --no-wildcards-match-slash \
        -f "$(find "$work" -maxdepth 1 -name 'wireshark_*.orig.tar.*[!c]' | head -n 1)" "${@/#/*/}"
    mv "$work/unpacked" "$folder"
fi
