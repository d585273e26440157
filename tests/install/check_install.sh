#!/bin/sh
# Installs into a folder, builds the example of docs/ against what lies there, and runs it.
set -eu
source=${YBB_SOURCE_DIR:-.}
build=${YBB_BUILD_DIR:-build}
. "$(dirname "$0")/../tools/tap.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
unset MAKEFLAGS MFLAGS MAKELEVEL

make_quietly() {
    make -C "$build" "$@" >"$work/log" 2>&1 || cat "$work/log"
}

variable() { # NAME: its value in the build's Makefile
    sed -n "s|^$1 = ||p" "$build/Makefile" | head -n 1
}
prefix=$(variable prefix)

installed() { # the names below the prefix, a line each
    (cd "$root$prefix" && find . ! -type d) | sed 's|^\./||; s|^lib/[^/]*-linux-gnu[^/]*/|lib/|' |
        LC_ALL=C sort
}

only_expected() {
    cat >"$work/expected" <<END
bin/ybbexport
include/ybbexport.h
lib/libybbexport.a
lib/libybbexport.la
lib/libybbexport.so
lib/libybbexport.so.0
lib/libybbexport.so.0.0.0
lib/pkgconfig/ybbexport.pc
END
    installed >"$work/installed"
    # a build may leave out the shared or the static library
    grep -v 'libybbexport\.' "$work/expected" >"$work/least"
    comm -13 "$work/expected" "$work/installed" | sed 's/$/: not expected/'
    comm -13 "$work/installed" "$work/least" | sed 's/$/: missing/'
}

package() {
    PKG_CONFIG_PATH=$pc "${PKG_CONFIG:-pkg-config}" --define-variable=prefix="$root$prefix" "$@" \
        ybbexport
}

# Nothing but our own flags: a program over the shared library needs no other library's headers.
shared_flags() {
    for flag in $(package --cflags --libs); do
        case $flag in
        "-I$root"* | "-L$root"* | -lybbexport) ;;
        *) echo "$flag" ;;
        esac
    done
}

build_shared() {
    # shellcheck disable=SC2046 # flags
    ${CC:-cc} -Wall -Wextra -Werror "$source/docs/examples/export.c" $(package --cflags --libs) \
        -o "$work/shared"
}

build_static() {
    # The archive alone in a folder, so that the linker has no choice.
    mkdir "$work/archive"
    cp "$libraries/libybbexport.a" "$work/archive"
    # shellcheck disable=SC2046
    ${CC:-cc} "$source/docs/examples/export.c" $(package --cflags) "-L$work/archive" \
        $(package --static --libs | sed "s|-L$libraries||") -o "$work/static"
}

# runs PROGRAM: it exports the demo data, and the answer names a file that is there.
runs() {
    rm -rf "$work/out"
    mkdir "$work/out"
    LD_LIBRARY_PATH=$2 "$work/$1" "sqlite://$work/demo.db" "$work/out" >"$work/answer" 2>"$work/log" ||
        cat "$work/log"
    grep -q '"status": *"success"' "$work/answer" || cat "$work/answer"
    find "$work/out" -name '*.xlsx' -size +10k | grep -q . || echo "no file in the folder"
    grep -q '100%' "$work/log" || echo "no progress was shown"
}

links_dynamically() {
    LD_LIBRARY_PATH=$libraries ldd "$work/shared" | grep -q "libybbexport.so.0 => $libraries" ||
        echo "the program does not use the installed library"
}

links_statically() {
    if ldd "$work/static" | grep libybbexport; then
        echo "the program uses the shared library"
    fi
}

command_works() {
    "$root$prefix/bin/ybbexport" demo-data "sqlite://$work/demo.db" --participants 300 \
        >"$work/log" 2>&1 || cat "$work/log"
}

check "make install succeeds" make_quietly install DESTDIR="$root"
check "nothing is installed but what belongs there" only_expected
pc=$(dirname "$(find "$root" -name ybbexport.pc)")
libraries=${pc%/pkgconfig}
check "the installed command makes demo data" command_works
if [ -f "$libraries/libybbexport.so" ]; then
    check "pkg-config gives our flags alone" shared_flags
    check "the example builds over the shared library" build_shared
    check "it uses the installed library" links_dynamically
    check "it exports, over the shared library" runs shared "$libraries"
else
    skip "the example over the shared library" "no shared library in this build"
fi
if [ -f "$libraries/libybbexport.a" ]; then
    check "the example builds over the static library" build_static
    check "it needs no shared library of ours" links_statically
    check "it exports, over the static library" runs static ''
else
    skip "the example over the static library" "no static library in this build"
fi
check "make uninstall succeeds" make_quietly uninstall DESTDIR="$root"
check "make uninstall leaves nothing" find "$root" ! -type d
finish
