#!/bin/bash
# Build and install btbb on Debian, then show the clients of a capture.
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu -o pipefail

usage() {
    cat <<'TEXT'
usage: ./install.sh [--system] [CAPTURE]      build and install, then show the clients of CAPTURE (default: a sample)
       ./install.sh [--system] --uninstall    remove exactly what was installed

Without --system, the plugins, the profile, the command `btbb` and its manual page are installed for you alone.
With --system they are installed for all users, with sudo unless you are root. Root always installs for all users,
because tshark does not load personal plugins when root runs it. If the plugins are already installed for all users,
an ordinary user gets no second copy.

Missing Debian packages are installed, with sudo unless you are root. Without sudo, the script lists them and stops.
  DESTDIR              install below this folder instead of / (for tests; no table is shown at the end)
  BTBB_INSTALL_BUILD   build in this folder (default: build-install/ beside this script, or a temporary one)
TEXT
}

say() { printf 'install: %s\n' "$*"; }
fail() { printf 'install: %s\n' "$*" >&2; exit 1; }

top=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
system=no uninstall=no capture=
for argument in "$@"; do
    case "$argument" in
        --system) system=yes ;;
        --uninstall) uninstall=yes ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; exit 2 ;;
        *) [ -z "$capture" ] || { usage >&2; exit 2; }; capture=$(realpath -m -- "$argument") ;;
    esac
done
[ -z "$capture" ] || [ -r "$capture" ] || fail "cannot read the capture $capture"
[ "$(id -u)" -ne 0 ] || system=yes
root=${DESTDIR:-}
if [ $system = yes ]; then
    prefix=/usr/local
else
    [ -n "${HOME:-}" ] || fail "HOME is not set: no personal folder to install to"
    prefix=$HOME/.local
fi
manifest=$root$prefix/share/btbb/installed.sha256

# as_root COMMAND...: run as root, with sudo if needed. sudo asks for a password only on a terminal.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

may_be_root() {
    [ "$(id -u)" -eq 0 ] || { command -v sudo > /dev/null && as_root true 2> /dev/null; }
}

# as_owner COMMAND...: run as the owner of the installed files.
as_owner() {
    if [ $system = yes ] && [ -z "$root" ]; then as_root "$@"; else "$@"; fi
}

install_packages() {
    local wanted missing=() package
    mapfile -t wanted < <("$top/packaging/packages.sh" build run)
    command -v dpkg-query > /dev/null || fail "this is not a Debian system. Debian's names of the required packages: ${wanted[*]}"
    for package in "${wanted[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "missing Debian packages: ${missing[*]}"
    may_be_root || fail "cannot install them: you are not root and cannot use sudo. As root, run:
    apt-get update && apt-get install ${missing[*]}"
    as_root apt-get -q update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "${missing[@]}" < /dev/null
}

# folder NAME: one of the folders that `tshark -G folders` lists.
folder() {
    tshark -G folders 2> /dev/null | sed -n "s/^$1:[[:space:]]*//p" | head -n 1
}

# loaded_plugins: one line "VERSION PATH" for each btbb plugin that tshark loads.
loaded_plugins() {
    tshark -G plugins 2> /dev/null | awk -F '\t' '$1 ~ /^btbb(-stats)?\.so *$/ { print $2, $NF }'
}

# global_plugin: "VERSION PATH" of a btbb plugin that tshark loads from outside the personal folder; empty without one.
global_plugin() {
    loaded_plugins | grep -vF " $(folder "Personal Plugins")/" | head -n 1 || true
}

# use_global_plugin VERSION PATH: Wireshark ignores personal plugins where global ones exist. Show the table with those.
use_global_plugin() {
    local mine
    mine=$("$top/packaging/version.sh")
    [ "$1" = "$mine" ] || fail "version $1 is installed for all users ($2), this is $mine. To update it: ./install.sh --system"
    say "already installed for all users: $2"
    say "nothing to install for you alone. To update it for all users: ./install.sh --system"
    [ ! -f "$manifest" ] || say "the copy for you alone is no longer used. To remove it: ./install.sh --uninstall"
    show_table
}

# extcap_folder: where Wireshark looks for programs that add interfaces. 4.0 calls the one for all users otherwise, and
# does not print the personal one.
extcap_folder() {
    local path
    if [ $system = yes ]; then
        path=$(folder "Global Extcap path")
        printf '%s\n' "${path:-$(folder "Extcap path")}"
    else
        path=$(folder "Personal Extcap path")
        printf '%s\n' "${path:-$(folder "Personal configuration")/extcap}"
    fi
}

# build FOLDER STAGE: compile, and install below STAGE.
build() {
    local plugins profiles fresh=() log=$1/install.log
    if [ $system = yes ]; then
        plugins=$(folder "Global Plugins") profiles=$(folder "Global configuration")/profiles
    else
        plugins=$(folder "Personal Plugins") profiles=$(folder "Personal configuration")/profiles
    fi
    # CMake refuses a build folder that was moved or copied together with the checkout.
    if [ -f "$1/CMakeCache.txt" ] && ! { grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$top" "$1/CMakeCache.txt" &&
        grep -qxF "CMAKE_CACHEFILE_DIR:INTERNAL=$(realpath -- "$1")" "$1/CMakeCache.txt"; }; then
        fresh=(--fresh)
    fi
    say "building (log: $log)"
    {
        cmake "${fresh[@]}" -S "$top" -B "$1" -DCMAKE_BUILD_TYPE=Release -DBTBB_WERROR=OFF -DBUILD_TESTING=OFF \
            -DCMAKE_INSTALL_PREFIX="$prefix" -DBTBB_PLUGIN_INSTALL_DIR="$plugins" \
            -DBTBB_PROFILE_INSTALL_DIR="$profiles" -DBTBB_EXTCAP_INSTALL_DIR="$(extcap_folder)" &&
            cmake --build "$1" --parallel "$(nproc)" && DESTDIR=$2 cmake --install "$1"
    } > "$log" 2>&1 || { tail -n 20 "$log" >&2; trap - EXIT; fail "the build failed; the whole log is $log"; }
}

# Folders that the staged files need and that do not exist yet, deepest first.
new_folders() {
    find "$1" -mindepth 1 -depth -type d -printf '/%P\n' | while IFS= read -r path; do
        [ -d "$root$path" ] || printf '%s\n' "$path"
    done
}

# install_staged STAGE: copy the staged files, and write a list of them with their checksums. Files of an installed
# profile that the user has changed are kept.
install_staged() {
    local path owner
    mkdir -p "$1$prefix/share/btbb"
    find "$1" -mindepth 1 ! -type d -printf '/%P\n' | while IFS= read -r path; do
        owner=
        [ $system = no ] || owner=$(dpkg-query -S "$root$path" 2> /dev/null | cut -d : -f 1) || owner=
        [ -z "$owner" ] || fail "$path belongs to the Debian package $owner: remove that package first"
        if [ -e "$root$path" ] && [[ $path == */profiles/* ]] && ! cmp -s "$root$path" "$1$path"; then
            say "kept, not replaced: $root$path"
            rm "$1$path"
        fi
    done
    {
        (cd "$1" && find . -mindepth 1 ! -type d -printf '%P\0' | xargs -0 sha256sum) | sed 's|  |  /|'
        new_folders "$1" | sed 's|^|folder  |'
    } > "$work/list"
    cp "$work/list" "$1$prefix/share/btbb/installed.sha256"
    (cd "$1" && find . -mindepth 1 ! -type d -printf '%P\0' | tar -c --null --owner=0 --group=0 -T -) > "$work/files.tar"
    as_owner mkdir -p "$root/"
    as_owner tar -x -C "$root/" --no-same-owner -f "$work/files.tar" || fail "could not write below ${root:-$prefix}"
    sed -n 's|^[0-9a-f]\{64\}  |install: installed |p' "$work/list"
}

# uninstall LIST: remove the files of the list that are unchanged, then the folders of the list that are empty.
uninstall() {
    local sum path files=("$manifest") folders=()
    while read -r sum path; do
        if [ "$sum" = folder ]; then
            folders+=("$root$path")
        elif [ -e "$root$path" ] && [ "$(sha256sum < "$root$path" | cut -d ' ' -f 1)" != "$sum" ]; then
            say "kept, changed since it was installed: $root$path"
        else
            files+=("$root$path")
        fi
    done < "$1"
    as_owner rm -f -- "${files[@]}"
    [ ${#folders[@]} -eq 0 ] || as_owner rmdir -- "${folders[@]}" 2> /dev/null || true
}

show_table() {
    [ "$(loaded_plugins | wc -l)" -eq 2 ] || fail "tshark does not load the installed plugins; see: tshark -G plugins"
    say "the clients of a capture:"
    printf '$ tshark -q -r %q -z btbb,lap\n' "$capture"
    tshark -q -r "$capture" -z btbb,lap 2> >(grep -v '^Running as user "root"' >&2)
}

if [ $system = yes ] && [ -z "$root" ] && ! may_be_root; then
    fail "--system needs root: you are not root and cannot use sudo"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $uninstall = yes ]; then
    if [ ! -f "$manifest" ]; then
        [ $system = yes ] || [ -z "$(loaded_plugins)" ] ||
            fail "nothing is installed for you alone. To remove it for all users: ./install.sh --system --uninstall"
        fail "nothing to remove: $manifest does not exist"
    fi
    cp "$manifest" "$work/old"
    uninstall "$work/old"
    say "removed what was installed below $root$prefix"
    exit 0
fi

own=${HOME:-}/.local/share/btbb/installed.sha256
if [ $system = yes ] && [ -z "$root" ] && [ -f "$own" ]; then
    say "also installed for you alone, which is no longer used. To remove that, as yourself: ./install.sh --uninstall"
fi
install_packages
capture=${capture:-$top/sample-captures/pandas_demo.pcapbtbb}
if [ $system = no ] && [ -z "$root" ]; then
    read -r version path < <(global_plugin) || true
    [ -z "$version" ] || { use_global_plugin "$version" "$path"; exit 0; }
fi
build_folder=${BTBB_INSTALL_BUILD:-$top/build-install}
mkdir -p "$build_folder" 2> /dev/null && [ -w "$build_folder" ] || build_folder=$work/build
mkdir -p "$build_folder" "$work/stage"
build "$build_folder" "$work/stage"
if [ -f "$manifest" ]; then
    cp "$manifest" "$work/old"
    uninstall "$work/old"
fi
install_staged "$work/stage"
[ -z "$root" ] || exit 0
[[ :$PATH: == *:$prefix/bin:* ]] || say "the command btbb is in $prefix/bin, which is not in your PATH"
show_table
