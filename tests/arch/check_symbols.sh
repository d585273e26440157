#!/bin/sh
# What the library shows to the outside: header, list and both libraries must say the same.
# Usage: check_symbols.sh [HEADER LIST SHARED ARCHIVE]
set -eu
source=${YBB_SOURCE_DIR:-.}
build=${YBB_BUILD_DIR:-build}
header=${1:-$source/include/ybbexport.h}
list=${2:-$source/lib/ybbexport.sym}
shared=${3:-$build/.libs/libybbexport.so}
archive=${4:-$build/.libs/libybbexport.a}
. "$(dirname "$0")/../tools/tap.sh"

# The declarations of the header, a line each, without those of the headers it includes.
declarations() {
    sed '/^#[[:blank:]]*include/d' "$header" | ${CC:-cc} -E -P -xc - | tr '\n' ' ' |
        sed 's/;/;\n/g'
}

# Names of the functions in declarations on standard input.
functions() {
    sed 's/__attribute__((visibility("default")))//; s/__attribute__((warn_unused_result))//' |
        grep -v '^[[:blank:]]*typedef' | grep -o '^[^(]*(' |
        sed -n 's/.*[^A-Za-z0-9_]\(ybb_[A-Za-z0-9_]*\)[[:blank:]]*($/\1/p' | LC_ALL=C sort -u
}

declared() {
    declarations | functions
}

marked() {
    declarations | grep 'visibility("default")' | functions
}

listed() {
    LC_ALL=C sort -u "$list"
}

exported() {
    nm --dynamic --defined-only "$shared" | awk '{ print $NF }' | LC_ALL=C sort -u
}

# differences A B: what one of two commands prints and the other does not.
differences() {
    "$1" >"$work/a"
    "$2" >"$work/b"
    [ -s "$work/a" ] || echo "$1: nothing"
    comm -23 "$work/a" "$work/b" | sed "s/\$/: $1, not $2/"
    comm -13 "$work/a" "$work/b" | sed "s/\$/: $2, not $1/"
}

# Global names of the archive that could meet those of the program that it is linked into.
foreign_names() {
    nm --extern-only --defined-only "$archive" | awk 'NF == 3 { print $3 }' >"$work/all"
    [ -s "$work/all" ] || echo "$archive has no names"
    grep -v '^ybb_' "$work/all" || :
}

# Variables that can be written, at file scope or in a function: a library used by many threads has none but
# those of fork_watch, whose handlers the system calls without an argument.
writable_variables() {
    objdump --syms "$archive" | awk '
        /^[^ ].*file format/ { object = $1 }
        object ~ /fork_watch\.o/ { next }
        /[ \t](\.data|\.bss|\.tdata|\.tbss)[^\t]*\t/ && !/\.data\.rel\.ro/ && !/ d / {
            print object " " $NF
        }
        / \*COM\*/ { print object " " $NF }'
}

# The shared library's version, which configure.ac has, as the header says it.
versions_differ() {
    header_version=$(sed -n 's/^#define YBB_VERSION_M[A-Z]* \([0-9]*\)$/\1/p
        s/^#define YBB_VERSION_PATCH \([0-9]*\)$/\1/p' "$header" | paste -s -d . -)
    grep -q "^AC_INIT(\[libybbexport\], \[$header_version\]" "$source/configure.ac" ||
        echo "the header has $header_version, configure.ac another"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check "every function of the header is marked YBB_API" differences declared marked
check "lib/ybbexport.sym lists the header's functions" differences declared listed
if [ -f "$shared" ]; then
    check "the shared library exports what is listed, and nothing else" differences exported listed
else
    skip "the shared library exports what is listed, and nothing else" "no shared library"
fi
if [ -f "$archive" ]; then
    check "every global name of the archive begins with ybb_" foreign_names
    check "the library has no writable variable" writable_variables
else
    skip "the archive's names and variables" "no static library"
fi
check "header and configure.ac have the same version" versions_differ
finish
