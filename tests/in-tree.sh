#!/bin/bash
# Build the checkout as plugins/epan/btbb inside Wireshark's source tree, and compare tshark's table with the usual one.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# in-tree.sh     for Debian 12, as any user; needs packaging/packages.sh build in-tree, tshark with the plugins of BTBB_BUILD,
#                and the network for Debian's source package of Wireshark
#   BTBB_IN_TREE   work there (default: build-in-tree/ in the checkout); source and build are kept for the next run
#   BTBB_BUILD     the usual build to compare with (default: build/)
# Only tshark is built: about half an hour on two processors, less than two minutes the next time.
# Exit code: 0: the same table; 77: the source package cannot be fetched (no network).
set -eu -o pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
work=${BTBB_IN_TREE:-$top/build-in-tree}
usual=${BTBB_BUILD:-$top/build}
sample=$top/sample-captures/pandas_demo.pcapbtbb

# apt-get with this machine's sources and keys, but for source packages and with lists and files of its own.
apt() {
    apt-get -qq -o Dir::Etc::SourceList="$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State="$work/apt" -o Dir::State::status="$work/apt/status" -o Dir::Cache="$work/apt" \
        -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

fetch_source() {
    rm -rf "$work/apt" "$work/source.new"
    mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial" "$work/source.new"
    : > "$work/apt/status"
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk '$3 == "main" { print "deb-src", $1, $2, "main" }' | sort -u > "$work/apt/sources.list"
    apt update && (cd "$work/source.new" && apt source --only-source wireshark) ||
        { echo "*** NOT RUN: the source package of Wireshark cannot be fetched" >&2; return 77; }
    rm -rf "$work/apt"
    mv "$work"/source.new/wireshark-[0-9]*/ "$work/source"
    rm -rf "$work/source.new"
}

# What git knows or would add. Files that have not changed keep their time, so that they are not compiled again.
copy_checkout() {
    local target=$work/source/plugins/epan/btbb
    mkdir -p "$target"
    git -c safe.directory="$top" -C "$top" ls-files -z --cached --others --exclude-standard -- CMakeLists.txt \
        compat core packaging plugin stats | rsync --archive --from0 --files-from=- --checksum "$top/" "$target/"
}

configure() {
    local off=() option
    for option in wireshark rawshark dumpcap text2pcap mergecap reordercap editcap capinfos captype randpkt dftest \
        dcerpcidl2wrs androiddump sshdump ciscodump dpauxmon randpktdump wifidump sdjournal udpdump sharkd mmdbresolve; do
        off+=("-DBUILD_$option=OFF")
    done
    printf 'set(CUSTOM_PLUGIN_SRC_DIR plugins/epan/btbb)\n' > "$work/source/CMakeListsCustom.txt"
    cmake -S "$work/source" -B "$work/build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_FLAGS_RELWITHDEBINFO=-O1 \
        -DENABLE_LUA=OFF "${off[@]}" > "$work/cmake.log" 2>&1 || { tail -n 20 "$work/cmake.log" >&2; return 1; }
}

# table TSHARK FOLDER: the clients that this tshark shows with the plugins of the folder; not as root, whose tshark
# ignores them.
table() {
    local user=()
    [ "$(id -u)" -ne 0 ] || user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    "${user[@]}" env -i HOME=/nonexistent PATH="$PATH" LC_ALL=C.UTF-8 TZ=UTC WIRESHARK_PLUGIN_DIR="$2" \
        WIRESHARK_RUN_FROM_BUILD_DIRECTORY="${3:-}" "$1" -q -r "$sample" -z btbb,lap -z btbb,summary
}

mkdir -p "$work"
[ -d "$work/source" ] || fetch_source
copy_checkout
configure
start=$SECONDS
nice cmake --build "$work/build" --parallel "$(nproc)" --target tshark plugin stats > "$work/make.log" 2>&1 ||
    { grep -E 'error|Error' "$work/make.log" | head -n 20 >&2; exit 1; }
echo "built in $((SECONDS - start)) s"
warnings=$(grep -cE '/plugins/epan/btbb/.*warning:' "$work/make.log") || true
echo "warnings in sources of this project: $warnings"

series=$(basename "$(dirname "$(dirname "$(find "$work/build/run" -name btbb.so)")")")
table "$work/build/run/tshark" "" 1 > "$work/in-tree.txt" 2> "$work/in-tree.err" || { cat "$work/in-tree.err" >&2; exit 1; }
table tshark "$usual/plugins" > "$work/usual.txt" 2> /dev/null
grep -q 'ed:1d:9c' "$work/usual.txt"
diff "$work/usual.txt" "$work/in-tree.txt"
echo "in-tree build for Wireshark $series: the same tables as the usual build"
