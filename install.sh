#!/bin/bash
# From a fresh Debian machine to the installed plugins and the client table of a capture, in one command.
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu -o pipefail

usage() {
    cat <<'TEXT'
usage: ./install.sh [--system] [CAPTURE]      build and install, then show the clients of CAPTURE (default: a sample)
       ./install.sh [--system] --uninstall    remove exactly what was installed

Without --system, the plugins, the profile, the command `btbb` and its manual page are installed for you alone.
With --system they are installed for all users, by sudo where you are not root. Root always installs for all users:
tshark run by root does not look into personal plugin folders.

Missing Debian packages are installed, by sudo where you are not root; where that cannot be, they are named.
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

# as_root COMMAND...: as root, by sudo if need be; sudo asks for a password only where someone can answer.
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

# as_owner COMMAND...: as the one to whom the installed files belong.
as_owner() {
    if [ $system = yes ] && [ -z "$root" ]; then as_root "$@"; else "$@"; fi
}

install_packages() {
    local wanted missing=() package
    mapfile -t wanted < <("$top/packaging/packages.sh" build run)
    command -v dpkg-query > /dev/null || fail "this is no Debian system; needed are, by their names there: ${wanted[*]}"
    for package in "${wanted[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "missing Debian packages: ${missing[*]}"
    may_be_root || fail "they cannot be installed: you are not root and cannot use sudo. As root, run:
    apt-get update && apt-get install ${missing[*]}"
    as_root apt-get -q update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "${missing[@]}" < /dev/null
}

# folder NAME: one of the folders that `tshark -G folders` names.
folder() {
    tshark -G folders 2> /dev/null | sed -n "s/^$1:[[:space:]]*//p" | head -n 1
}

# build FOLDER STAGE: compile, and lay out below STAGE what is to be installed.
build() {
    local plugins profiles fresh=() log=$1/install.log
    if [ $system = yes ]; then
        plugins=$(folder "Global Plugins") profiles=$(folder "Global configuration")/profiles
    else
        plugins=$(folder "Personal Plugins") profiles=$(folder "Personal configuration")/profiles
    fi
    # A build folder that came here with a moved or copied checkout still names the old place: CMake would refuse it.
    if [ -f "$1/CMakeCache.txt" ] && ! { grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$top" "$1/CMakeCache.txt" &&
        grep -qxF "CMAKE_CACHEFILE_DIR:INTERNAL=$(realpath -- "$1")" "$1/CMakeCache.txt"; }; then
        fresh=(--fresh)
    fi
    say "building (log: $log)"
    {
        cmake "${fresh[@]}" -S "$top" -B "$1" -DCMAKE_BUILD_TYPE=Release -DBTBB_WERROR=OFF -DBUILD_TESTING=OFF \
            -DCMAKE_INSTALL_PREFIX="$prefix" -DBTBB_PLUGIN_INSTALL_DIR="$plugins" \
            -DBTBB_PROFILE_INSTALL_DIR="$profiles" &&
            cmake --build "$1" --parallel "$(nproc)" && DESTDIR=$2 cmake --install "$1"
    } > "$log" 2>&1 || { tail -n 20 "$log" >&2; trap - EXIT; fail "the build failed; the whole log is $log"; }
}

# Folders above the staged files that are not there yet, deepest first.
new_folders() {
    find "$1" -mindepth 1 -depth -type d -printf '/%P\n' | while IFS= read -r path; do
        [ -d "$root$path" ] || printf '%s\n' "$path"
    done
}

# install_staged STAGE: copy the staged files and keep a list of them with their checksums. What the user changed in an
# installed profile stays as it is.
install_staged() {
    local path owner
    mkdir -p "$1$prefix/share/btbb"
    find "$1" -mindepth 1 ! -type d -printf '/%P\n' | while IFS= read -r path; do
        owner=
        [ $system = no ] || owner=$(dpkg-query -S "$root$path" 2> /dev/null | cut -d : -f 1) || owner=
        [ -z "$owner" ] || fail "$path belongs to the Debian package $owner: remove that first"
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

# Remove what the list names: files that are still as installed, then folders that were made and are empty now.
uninstall() {
    local sum path files=("$manifest") folders=()
    while read -r sum path; do
        if [ "$sum" = folder ]; then
            folders+=("$root$path")
        elif [ -e "$root$path" ] && [ "$(sha256sum < "$root$path" | cut -d ' ' -f 1)" != "$sum" ]; then
            say "kept, it was changed after it was installed: $root$path"
        else
            files+=("$root$path")
        fi
    done < "$1"
    as_owner rm -f -- "${files[@]}"
    [ ${#folders[@]} -eq 0 ] || as_owner rmdir -- "${folders[@]}" 2> /dev/null || true
}

show_table() {
    local loaded
    loaded=$(tshark -G plugins 2> /dev/null | grep -c '^btbb\(-stats\)\?\.so') || true
    [ "$loaded" -eq 2 ] || fail "tshark does not load the plugins that were installed; see: tshark -G plugins"
    [[ :$PATH: == *:$prefix/bin:* ]] || say "the command btbb is in $prefix/bin, which is not in your PATH"
    say "done; here are the clients of a capture:"
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
        [ $system = yes ] || [ ! -f "$root/usr/local/share/btbb/installed.sha256" ] ||
            fail "nothing is installed for you, but for all users: ./install.sh --system --uninstall"
        fail "nothing to remove: there is no $manifest"
    fi
    cp "$manifest" "$work/old"
    uninstall "$work/old"
    say "removed what was installed below $root$prefix"
    exit 0
fi

own=${HOME:-}/.local/share/btbb/installed.sha256
if [ $system = yes ] && [ -z "$root" ] && [ -f "$own" ]; then
    say "it is installed for you alone too; to remove that, as yourself: ./install.sh --uninstall"
fi
if [ $system = no ] && [ -f "$root/usr/local/share/btbb/installed.sha256" ]; then
    fail "already installed for all users, and both would be loaded. To update it: ./install.sh --system"
fi
install_packages
build_folder=${BTBB_INSTALL_BUILD:-$top/build-install}
mkdir -p "$build_folder" 2> /dev/null && [ -w "$build_folder" ] || build_folder=$work/build
mkdir -p "$build_folder" "$work/stage"
build "$build_folder" "$work/stage"
if [ -f "$manifest" ]; then
    cp "$manifest" "$work/old"
    uninstall "$work/old"
fi
install_staged "$work/stage"
capture=${capture:-$top/sample-captures/pandas_demo.pcapbtbb}
[ -n "$root" ] || show_table
