#!/bin/bash
# Build the checkout as plugins/epan/btbb inside Wireshark's source tree, and compare tshark's table with the usual one.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# in-tree.sh
#   For Debian 12, as any user. Requires the packages of packaging/packages.sh build run in-tree, the usual build, and the
#   network for Debian's source package of Wireshark.
#   BTBB_IN_TREE   work there (default: build-in-tree/ in the checkout); source and build are kept for the next run
#   BTBB_BUILD     the usual build to compare with (default: build/)
# Only tshark is built. The first run takes longer than CI may: about half an hour on two idle processors. Run it by hand.
# Exit code: 0: no warnings, and the same tables; 77: the source package cannot be downloaded.
set -eu -o pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
work=${BTBB_IN_TREE:-$top/build-in-tree}
usual=${BTBB_BUILD:-$top/build}
sample=$top/sample-captures/pandas_demo.pcapbtbb

# What git knows or would add. Files that have changed get the time of now, the others keep theirs: make compiles the former.
copy_checkout() {
    local target=$work/source/plugins/epan/btbb
    mkdir -p "$target"
    git -c safe.directory="$top" -C "$top" ls-files -z --cached --others --exclude-standard -- CMakeLists.txt \
        compat core packaging plugin stats | rsync --archive --no-times --from0 --files-from=- --checksum "$top/" "$target/"
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
        ${3:+WIRESHARK_RUN_FROM_BUILD_DIRECTORY="$3"} "$1" -q -r "$sample" -z btbb,lap -z btbb,summary
}

mkdir -p "$work"
[ -d "$work/source" ] || "$top/tests/wireshark-source.sh" "$work/source"
copy_checkout
configure
start=$SECONDS
nice cmake --build "$work/build" --parallel "$(nproc)" --target tshark plugin stats > "$work/make.log" 2>&1 ||
    { grep -E 'error|Error' "$work/make.log" | head -n 20 >&2; exit 1; }
echo "built in $((SECONDS - start)) s"
grep -E '/plugins/epan/btbb/.*warning:' "$work/make.log" && { echo "warnings in sources of this project" >&2; exit 1; }

series=$(basename "$(dirname "$(dirname "$(find "$work/build/run" -name btbb.so)")")")
table "$work/build/run/tshark" "" 1 > "$work/in-tree.txt" 2> "$work/in-tree.err" || { cat "$work/in-tree.err" >&2; exit 1; }
table tshark "$usual/plugins" > "$work/usual.txt" 2> /dev/null
grep -q 'ed:1d:9c' "$work/usual.txt"
diff "$work/usual.txt" "$work/in-tree.txt"
echo "in-tree build for Wireshark $series: the same tables as the usual build"
