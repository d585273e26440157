#!/bin/sh
# The public header compiles in every language that may include it, strictly, and alone.
# Usage: check_header.sh [FOLDER-OF-THE-HEADER]
set -eu
folder=${1:-${YBB_SOURCE_DIR:-.}/include}
. "$(dirname "$0")/../tools/tap.sh"

# compiles COMPILER LANGUAGE STANDARD
compiles() {
    printf '#include "ybbexport.h"\n#include "ybbexport.h"\nint main(void) { return 0; }\n' |
        "$1" -fsyntax-only -x "$2" "-std=$3" -Wall -Wextra -pedantic -Werror "-I$folder" -
}

for compiler in gcc clang; do
    for standard in c99 c11 c17; do
        if command -v "$compiler" >/dev/null; then
            check "$compiler compiles the header as $standard" compiles "$compiler" c "$standard"
        else
            skip "$compiler compiles the header as $standard" "no $compiler"
        fi
    done
done
for compiler in g++ clang++; do
    for standard in c++11 c++17 c++20; do
        if command -v "$compiler" >/dev/null; then
            check "$compiler compiles the header as $standard" compiles "$compiler" c++ "$standard"
        else
            skip "$compiler compiles the header as $standard" "no $compiler"
        fi
    done
done

too_long() {
    lines=$(wc -l <"$folder/ybbexport.h")
    [ "$lines" -lt 600 ] || echo "$lines lines"
}
check "the header stays under 600 lines" too_long
finish
