#!/bin/bash
# private-system.sh COMMAND [ARGUMENT...]: run a command, as root, in a private copy of this system.
# What the command installs or removes below /usr, /etc, /opt and /var/lib is gone when it ends: overlays in a mount
# namespace of its own. Btbb is not installed in the private copy, even where it is in the system, unless
# BTBB_PRIVATE_KEEP=1. Exit code: the command's; 77 where no private copy can be made.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u

impossible() { printf 'private-system: impossible: %s\n' "$*" >&2; exit 77; }

# overlay FOLDER: from now on, writes below FOLDER go to the layer.
overlay() {
    local upper=$layer$1/upper work=$layer$1/work
    mkdir -p "$upper" "$work" && chmod --reference="$1" "$upper" &&
        mount -t overlay -o "lowerdir=$1,upperdir=$upper,workdir=$work" overlay "$1"
}

# Remove what install.sh and the Debian package have installed; in the private copy only.
remove_btbb() {
    local list=/usr/local/share/btbb/installed.sha256
    if dpkg-query -W wireshark-btbb > /dev/null 2>&1; then
        dpkg --purge wireshark-btbb > /dev/null || impossible "the package wireshark-btbb cannot be removed"
    fi
    [ -f "$list" ] || return 0
    sed -n 's|^[0-9a-f]\{64\}  ||p' "$list" | xargs -d '\n' rm -f --
    sed -n 's|^folder  ||p' "$list" | xargs -d '\n' -r rmdir --ignore-fail-on-non-empty -- 2> /dev/null
    rm -f "$list"
    rmdir "${list%/*}" 2> /dev/null
    return 0
}

if [ "${BTBB_PRIVATE_LAYER:-}" = "" ]; then
    [ $# -gt 0 ] || { echo "usage: private-system.sh COMMAND [ARGUMENT...]" >&2; exit 2; }
    [ "$(id -u)" -eq 0 ] || impossible "not root"
    unshare --mount true 2> /dev/null || impossible "this system forbids mount namespaces"
    layer=$(mktemp -d) || impossible "no temporary folder"
    BTBB_PRIVATE_LAYER=$layer unshare --mount --propagation private "$0" "$@"
    status=$?
    rmdir "$layer"
    exit $status
fi

layer=$BTBB_PRIVATE_LAYER
unset BTBB_PRIVATE_LAYER
mount -t tmpfs -o mode=755 tmpfs "$layer" || impossible "no tmpfs can be mounted"
for folder in /usr /etc /opt /var/lib; do
    overlay "$folder" || impossible "$folder cannot be overlaid"
done
[ "${BTBB_PRIVATE_KEEP:-}" = 1 ] || remove_btbb
exec "$@"
