#!/bin/bash
# Build, test and package the checkout in clean root file systems of other Debian releases.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u

usage() {
    cat <<'TEXT'
usage: tests/matrix.sh [-i] [-r] [-c COMMAND] [-o FOLDER] [RELEASE...]      (default: trixie sid)

For every Debian release: make a clean root file system (kept for the next run), copy the checkout into it and run
tests/run.sh there. Changes of a run are discarded, so the root stays clean.

  -i           only install the packages that this script requires
  -r           only make the root file systems and check that they work
  -c COMMAND   run this shell command in the copy of the checkout instead of the tests
  -o FOLDER    the command can write to this folder as /src/out

The summary has one line per release: passed, FAILED, or IMPOSSIBLE when a root file system cannot be made or used (not
root, no network, no debootstrap). Exit code 0: nothing failed; 1: something failed; 2: wrong arguments. IMPOSSIBLE is
not a failure unless BTBB_MATRIX_STRICT=1 is set.

  BTBB_MATRIX_CACHE   folder of the root file systems (default: btbb-matrix in $XDG_CACHE_HOME or /var/cache)
  BTBB_MATRIX_DAYS    older root file systems are made again (default 14). When only the list in packaging/packages.sh
                      has changed, packages are added
Packages come from the sources of this machine's /etc/apt, through the same proxy.
TEXT
}

top=$(cd "$(dirname "$0")/.." && pwd)
cache=${BTBB_MATRIX_CACHE:-${XDG_CACHE_HOME:-/var/cache}/btbb-matrix}
days=${BTBB_MATRIX_DAYS:-14}
out=

say() { printf 'matrix: %s\n' "$*"; }
impossible() { printf 'matrix: *** IMPOSSIBLE: %s\n' "$*" >&2; return 3; }

# The machine's own package sources, one "URI SUITE" a line, as apt itself reads them.
own_sources() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk '$3 == "main" { print $1, $2 }' | sort -u
}

# sources_for RELEASE: lines of a sources.list with this machine's suites renamed to RELEASE. Unstable has no -updates
# and no -security.
sources_for() {
    local release=$1 here uri suite
    here=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    own_sources | while read -r uri suite; do
        case "$suite" in
            "$here") echo "deb $uri $release main" ;;
            "$here"-updates | "$here"-security)
                [ "$release" = sid ] || echo "deb $uri $release${suite#"$here"} main" ;;
        esac
    done
}

# What the root file system of a release depends on. When this text changes, it is made again.
recipe() {
    sources_for "$1" && declare -f make_root
}

packages() {
    "$top/packaging/packages.sh" all
}

# make_root RELEASE FOLDER: debootstrap and the packages, into a FOLDER that does not exist yet.
make_root() {
    local release=$1 root=$2 mirror keys
    mirror=$(sources_for "$release" | awk -v suite="$release" '$3 == suite { print $2; exit }')
    [ -n "$mirror" ] || { echo "no Debian mirror found in /etc/apt" >&2; return 1; }
    debootstrap --variant=minbase "$release" "$root" "$mirror" || return 1
    sources_for "$release" > "$root/etc/apt/sources.list"
    for keys in /etc/apt/keyrings /etc/apt/trusted.gpg.d; do
        [ -d "$keys" ] && cp -R "$keys/." "$root$keys/"
    done
    {
        apt-config dump Acquire | grep -v IndexTargets
        echo 'Acquire::Check-Valid-Until "false";'      # a mirror's copy of unstable may have expired
        echo 'Acquire::Languages "none";'
        echo 'APT::Install-Recommends "false";'
    } > "$root/etc/apt/apt.conf.d/99matrix"
    echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/matrix"
    # The tests run tshark and Wireshark as user 1000. D-Bus requires a user with a name.
    in_root "$root" "useradd --uid 1000 --create-home tester && apt-get update && apt-get -y dist-upgrade && apt-get clean"
}

add_packages() {
    in_root "$1" "apt-get update && apt-get -y install $(packages | tr '\n' ' ') && apt-get clean"
}

# in_root ROOT COMMAND: run a command there. Of this machine's environment it has the proxies only. The namespaces end
# with the command or with this script, and all their mounts and processes end with them.
in_root() {
    setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child /bin/bash -c '
        mount_system "$1" && exec chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TZ=UTC \
            LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive CI="${CI:-}" BTBB_SEED="${BTBB_SEED:-}" http_proxy="${http_proxy:-}" \
            https_proxy="${https_proxy:-}" /bin/sh -c "$2"' in_root "$1" "$2"
}

mount_system() {
    mount -t proc proc "$1/proc" && mount -t sysfs -o ro sysfs "$1/sys" &&
        mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$1/tmp" &&
        mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$1/dev/shm" &&
        mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$1/dev/pts"
}

# is_fresh RELEASE: the root file system was made by this recipe and is not too old
is_fresh() {
    [ -d "$cache/$1" ] && recipe "$1" | cmp -s - "$cache/$1.recipe" &&
        [ -z "$(find "$cache/$1.recipe" -mtime "+$days")" ]
}

is_usable() {
    is_fresh "$1" && packages | cmp -s - "$cache/$1.packages"
}

# refresh_root RELEASE: make the root file system again, or add missing packages only. Reports why it is impossible.
# Without a new one, the old one is used.
refresh_root() {
    local release=$1 root=$cache/$1 log=$cache/$1-root.log
    if is_fresh "$release"; then
        say "$release: adding packages to the root file system $root (log: $log)"
        add_packages "$root" < /dev/null > "$log" 2>&1 && packages > "$cache/$release.packages" && return
    fi
    say "$release: making the root file system $root (log: $log)"
    rm -rf --one-file-system "$root.new"
    if { make_root "$release" "$root.new" && add_packages "$root.new"; } < /dev/null > "$log" 2>&1; then
        rm -rf --one-file-system "$root" && mv "$root.new" "$root" && packages > "$cache/$release.packages" &&
            recipe "$release" > "$cache/$release.recipe"
        return
    fi
    tail -n 15 "$log" >&2
    rm -rf --one-file-system "$root.new"
    [ -d "$root" ] || { impossible "$release: the root file system cannot be made (see $log)"; return; }
    say "*** $release: the root file system CANNOT BE REFRESHED, using the old one"
}

# run_release RELEASE COMMAND: run the command with a temporary layer over the root, and the checkout (and ../shared) in
# /src.
run_release() {
    setpriv --pdeathsig KILL unshare --mount /bin/bash -c '
        layer=$1 base=$2 top=$3 root=$1/root
        mount -t tmpfs -o mode=755 tmpfs "$layer" && mkdir "$layer/upper" "$layer/work" "$root" &&
            mount -t overlay -o "lowerdir=$base,upperdir=$layer/upper,workdir=$layer/work" overlay "$root" &&
            copy_checkout "$top" "$root/src" || exit 3
        [ -z "$5" ] || { mkdir "$root/src/out" && mount --bind "$5" "$root/src/out"; } || exit 3
        in_root "$root" "cd /src/btbb && export BTBB_FOREIGN_PLUGINS=/src/foreign && $4" || exit 1' run "$work" "$cache/$1" "$top" "$2" "$out"
}

# copy_checkout TOP FOLDER: copy the files that git tracks or would add, and this machine's plugins, if built (another
# Wireshark must refuse them). Mount ../shared read-only, if it exists.
copy_checkout() {
    mkdir -p "$2/btbb" && git -c safe.directory="$1" -C "$1" ls-files -z --cached --others --exclude-standard |
        (cd "$1" && while IFS= read -r -d '' file; do [ -e "$file" ] && printf '%s\0' "$file"; done |
            tar -c --null --no-recursion -T -) | tar -x --no-same-owner -C "$2/btbb" || return 1
    [ ! -d "${BTBB_BUILD:-$1/build}/plugins" ] || cp -R "${BTBB_BUILD:-$1/build}/plugins" "$2/foreign"
    [ -d "$1/../shared" ] || return 0
    mkdir "$2/shared" && mount --bind -o ro "$1/../shared" "$2/shared"
}

export -f in_root mount_system copy_checkout

# one RELEASE COMMAND: make and use its root file system, and add a line to the summary. Returns 0: passed, 3: impossible,
# other values: failed.
one() {
    local start=$SECONDS status result
    exec 9> "$cache/$1.lock" && flock -s 9              # shared by those who use the root file system
    is_usable "$1" || { flock 9 && { is_usable "$1" || refresh_root "$1"; }; }
    status=$?
    flock -s 9
    [ $status -ne 0 ] || run_release "$1" "$2" || status=$?
    exec 9>&-
    case $status in
        0) result=passed ;;
        3) result=IMPOSSIBLE ;;
        *) result=FAILED ;;
    esac
    printf 'matrix: %-8s wireshark %-20s %s, %d s\n' "$1" "$(ws_version "$1")" "$result" $((SECONDS - start)) \
        >> "$work.summary"
    return $status
}

ws_version() {
    awk '$1 == "Package:" { p = $2 } p == "wireshark-dev" && $1 == "Version:" { print $2 }' \
        "$cache/$1/var/lib/dpkg/status" 2> /dev/null | grep . || echo '?'
}

missing_tools() {
    local tool
    for tool in debootstrap unshare setpriv chroot mount flock apt-get git; do
        command -v "$tool" > /dev/null || printf '%s\n' "$tool"
    done
}

install_tools() {
    local list
    mapfile -t list < <("$top/packaging/packages.sh" matrix)
    say "Debian packages: ${list[*]}" >&2
    apt-get -q update >&2 && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "${list[@]}" \
        < /dev/null >&2
}

# Prints why nothing can be tested on this machine, if so.
obstacle() {
    local missing
    [ "$(id -u)" -eq 0 ] || { echo "not root"; return; }
    [ -z "$(missing_tools)" ] || install_tools
    missing=$(missing_tools)
    [ -z "$missing" ] || { echo "not installed: ${missing//$'\n'/, }"; return; }
    mkdir -p "$cache" || echo "$cache cannot be made"
}

main() {
    local command=tests/run.sh option release why failed=0
    while getopts irc:o:h option; do
        case $option in
            i) obstacle; exit 0 ;;
            r) command=true ;;
            c) command=$OPTARG ;;
            o) out=$(cd "$OPTARG" && pwd) || exit 2 ;;
            h) usage; exit 0 ;;
            *) usage >&2; exit 2 ;;
        esac
    done
    shift $((OPTIND - 1))
    [ $# -gt 0 ] || set -- trixie sid
    for release in "$@"; do
        [[ $release =~ ^[a-z0-9]+$ ]] || { echo "matrix.sh: '$release' is not a release's name" >&2; exit 2; }
    done

    why=$(obstacle)
    if [ -n "$why" ]; then
        impossible "$why: NOT TESTED with $*"
        exit "${BTBB_MATRIX_STRICT:-0}"
    fi
    work=$(mktemp -d "$cache/run.XXXXXX") && trap 'rm -rf --one-file-system "$work" "$work.summary"' EXIT || exit 1
    for release in "$@"; do
        one "$release" "$command"
        case $? in
            0) ;;
            3) failed=$((failed | ${BTBB_MATRIX_STRICT:-0})) ;;
            *) failed=1 ;;
        esac
    done
    cat "$work.summary"
    exit $failed
}

main "$@"; exit      # bash has read the whole file by now: it may be changed while it runs
