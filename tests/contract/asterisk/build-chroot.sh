#!/bin/sh
# Makes the folder that the contract suite's Asterisk runs in, from Debian's own packages.
#
#   build-chroot.sh [--fresh] [DIR]     DIR: ${RINGCARD_CACHE:-~/.cache/ringcard}/asterisk/root
#
# What stands already is used: DIR itself, else the newest tarball beside it, else the distribution is asked.
# --fresh asks the distribution first; when it is broken that day, the last good tarball serves.
# Only a chroot whose Asterisk says its version becomes a tarball, so a tarball is always a good one.
set -eu

cache="${RINGCARD_CACHE:-$HOME/.cache/ringcard}/asterisk"
suite="${RINGCARD_ASTERISK_SUITE:-sid}"
mirror="${RINGCARD_DEBIAN_MIRROR:-http://deb.debian.org/debian}"
layout=1 # raise it when what is stripped or included changes: older chroots are then made anew

say() { echo "asterisk: $*"; }
fail() { echo "asterisk: $*" >&2; exit 1; }

fresh=no
if [ "${1:-}" = --fresh ]; then fresh=yes; shift; fi
dir="${1:-$cache/root}"
case "$dir" in /|'') fail "the folder must not be the root of this system" ;; esac

[ "$(id -u)" = 0 ] || fail "only root can make it (debootstrap, chroot)"
mkdir -p "$cache" "$(dirname "$dir")"
exec 9>"$cache/lock"
flock 9

good() { [ -x "$1/usr/sbin/asterisk" ] && [ "$(cut -d' ' -f1 "$1/.ringcard-asterisk" 2>/dev/null)" = "$layout" ]; }

version_of() { chroot "$1" /usr/sbin/asterisk -V 2>/dev/null | sed -n 's/^Asterisk \([0-9][0-9.]*\).*/\1/p'; }

need() {
    command -v "$1" >/dev/null && return
    say "installing $2"
    apt-get install -y -qq --no-install-recommends "$2" >/dev/null 2>&1 && return
    apt-get update -qq >/dev/null 2>&1 || true
    apt-get install -y -qq --no-install-recommends "$2" >/dev/null || fail "$2 cannot be installed"
}

strip() {
    rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/var/log/* "$1"/tmp/* \
        "$1"/usr/share/doc "$1"/usr/share/man "$1"/usr/share/info "$1"/usr/share/locale "$1"/usr/share/i18n \
        "$1"/usr/share/perl* "$1"/usr/share/lintian "$1"/usr/share/bug
    mkdir -p "$1/var/log/asterisk" "$1/run/asterisk"
    chroot "$1" chown -R asterisk:asterisk /var/lib/asterisk /var/log/asterisk /run/asterisk
}

# Into $dir.new, never into $dir: an interrupted run leaves nothing that looks finished.
ask_distribution() {
    need debootstrap debootstrap
    need zstd zstd
    log="$cache/debootstrap.log"
    say "asking Debian $suite (about three minutes)"
    rm -rf "$dir.new"
    if ! debootstrap --variant=minbase --include=asterisk "$suite" "$dir.new" "$mirror" >"$log" 2>&1; then
        tail -n 3 "$log" >&2
        return 1
    fi
    strip "$dir.new"
    version="$(version_of "$dir.new")"
    [ -n "$version" ] || { say "the Asterisk of today does not start"; return 1; }
    echo "$layout $version" >"$dir.new/.ringcard-asterisk"
    say "packing asterisk-$version.tar.zst"
    tar -C "$dir.new" --numeric-owner --exclude=./proc/* --exclude=./sys/* -cf - . \
        | zstd -q -T0 -3 -f -o "$cache/asterisk-$version.tar.zst.new"
    mv "$cache/asterisk-$version.tar.zst.new" "$cache/asterisk-$version.tar.zst"
}

unpack_last_good() {
    for tarball in $(ls -t "$cache"/asterisk-*.tar.zst 2>/dev/null); do
        need zstd zstd
        say "unpacking $(basename "$tarball")"
        rm -rf "$dir.new"
        mkdir -p "$dir.new"
        zstd -q -dc "$tarball" | tar -C "$dir.new" --numeric-owner -xf - && good "$dir.new" && return 0
        say "$(basename "$tarball") is damaged or of an older layout"
    done
    return 1
}

if [ "$fresh" = no ] && good "$dir"; then
    say "ready: $(cut -d' ' -f2 "$dir/.ringcard-asterisk") in $dir"
    exit 0
fi
if [ "$fresh" = yes ]; then
    ask_distribution || { say "the distribution failed, the last good one serves"; unpack_last_good; } \
        || fail "neither the distribution nor a tarball gave an Asterisk"
else
    unpack_last_good || ask_distribution || fail "neither a tarball nor the distribution gave an Asterisk"
fi
rm -rf "$dir"
mv "$dir.new" "$dir"
say "ready: $(cut -d' ' -f2 "$dir/.ringcard-asterisk") in $dir"
