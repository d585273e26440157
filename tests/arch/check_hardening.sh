#!/bin/sh
# How library and command are linked. Usage: check_hardening.sh [SHARED COMMAND]
set -eu
build=${YBB_BUILD_DIR:-build}
shared=${1:-$build/.libs/libybbexport.so}
command=${2:-$build/ybbexport}
. "$(dirname "$0")/../tools/tap.sh"

has() { # FILE WHAT-READELF-SHOWS PATTERN
    LC_ALL=C readelf -W "$2" "$1" | grep -Eq -- "$3" || echo "$1: no $3"
}

has_not() {
    if LC_ALL=C readelf -W "$2" "$1" | grep -E -- "$3"; then
        echo "$1 has it"
    fi
}

for file in "$shared" "$command"; do
    name=${file##*/}
    if [ ! -f "$file" ]; then
        skip "$name is hardened" "it is not built"
        continue
    fi
    check "$name: relocations are read-only after loading" has "$file" -l 'GNU_RELRO'
    check "$name: all symbols are bound at loading" has "$file" -d 'BIND_NOW|Flags:.*NOW'
    check "$name: the stack is not executable" has "$file" -l 'GNU_STACK.* RW +0x'
    check "$name: no segment can be written and executed" has_not "$file" -l 'LOAD.* RWE '
    check "$name: the code has no relocations" has_not "$file" -d TEXTREL
    check "$name: position-independent" has "$file" -h 'Type: +DYN'
    check "$name: stack protector" has "$file" --syms '__stack_chk_fail'
    check "$name: no search path of the build machine" has_not "$file" -d 'RPATH|RUNPATH'
done
if [ -f "$shared" ]; then
    check "the shared library stays loaded" has "$shared" -d NODELETE
    check "the shared library has a versioned name" has "$shared" -d \
        'SONAME.*libybbexport\.so\.[0-9]+'
fi
finish
