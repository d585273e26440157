#!/bin/sh
# The checks of this folder fail when there is something to find: each violation is planted in a copy.
set -eu
source=$(cd "${YBB_SOURCE_DIR:-.}" && pwd)
build=$(cd "${YBB_BUILD_DIR:-build}" && pwd)
. "$(dirname "$0")/../tools/tap.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

copy_tree() {
    rm -rf "$work/tree"
    mkdir "$work/tree"
    for folder in lib cli include tests bench php-ext; do
        [ ! -d "$source/$folder" ] || cp -R "$source/$folder" "$work/tree"
    done
    chmod -R u+w "$work/tree"
}

# finds SCRIPT NUMBER ARGUMENTS: the script, with these arguments, fails at its check of that number.
finds() {
    script=$source/tests/arch/$1
    number=$2
    shift 2
    sh "$script" "$@" >"$work/output" || :
    grep -q "^not ok $number " "$work/output" || cat "$work/output"
}

finds_nothing() {
    script=$source/tests/arch/$1
    shift
    sh "$script" "$@" >"$work/output" || cat "$work/output"
}

# rooms FILE LINE NUMBER: with the line added at a file's beginning, check_rooms.sh fails at NUMBER.
rooms() {
    copy_tree
    [ -f "$work/tree/$1" ] || echo "there is no $1"
    { echo "$2"; cat "$source/$1"; } >"$work/tree/$1"
    finds check_rooms.sh "$3" "$work/tree"
}

new_file() { # FILE NUMBER
    copy_tree
    mkdir -p "$work/tree/${1%/*}"
    echo '#include <stddef.h>' >"$work/tree/$1"
    finds check_rooms.sh "$2" "$work/tree"
}

check "an untouched copy has no findings" eval 'copy_tree; finds_nothing check_rooms.sh "$work/tree"'
check "an include up the arrows is found" rooms lib/base/error.h '#include "model/job.h"' 2
check "an include to the side is found" rooms lib/report/response.h '#include "db/db.h"' 2
check "an include with blanks is found" rooms lib/base/error.h ' #  include  "rows/value.h"' 2
check "an include by a relative path is found" rooms lib/pack/zip.h '#include "../db/db.h"' 2
check "an include without a room is found" rooms lib/pack/zip.h '#include "sink.h"' 2
check "an include through a macro is found" rooms lib/pack/zip.h '#include HEADER' 2
check "threads outside the pool are found" rooms lib/run/work.h '#include <pthread.h>' 2
check "MySQL outside of db is found" rooms lib/store/jobstore.h '#include <mysql.h>' 2
check "SQLite outside of db is found" rooms lib/store/jobstore.h '#include <sqlite3.h>' 2
check "the command reaching into a room is found" rooms cli/command.h '#include "base/text.h"' 2
check "another header before the own one is found" rooms lib/run/ledger.c '#include "base/text.h"' 3
check "a room that is not listed is found" new_file lib/attic/old.c 2
check "a name used twice is found" new_file lib/run/error.h 4
check "a source that is not built is found" new_file lib/run/forgotten.c 5
check "a unit test that never runs is found" new_file tests/unit/test_forgotten.c 5
check "an end-to-end test that never runs is found" new_file tests/e2e/test_forgotten.py 5

# A small library for check_symbols.sh; VARIANT is planted as C into it, LINE into the header.
symbols() { # VARIANT HEADER-LINE LIST-LINE NUMBER
    { cat "$source/include/ybbexport.h"; echo "$2"; } >"$work/ybbexport.h"
    { cat "$source/lib/ybbexport.sym"; [ -z "$3" ] || echo "$3"; } >"$work/list"
    {
        sed 's/.*/int &(void);int &(void) { return 0; }/' "$source/lib/ybbexport.sym"
        echo "$1"
    } >"$work/library.c"
    ${CC:-cc} -w -fPIC -c -o "$work/library.o" "$work/library.c"
    ${CC:-cc} -shared -o "$work/library.so" "$work/library.o"
    rm -f "$work/library.a"
    ar rc "$work/library.a" "$work/library.o"
    set -- "$4" "$work/ybbexport.h" "$work/list" "$work/library.so" "$work/library.a"
    if [ "$1" = 0 ]; then
        shift
        finds_nothing check_symbols.sh "$@"
    else
        number=$1
        shift
        finds check_symbols.sh "$number" "$@"
    fi
}

check "a library that fits its header has no findings" symbols '' '' '' 0
check "an unmarked function is found" symbols '' 'int ybb_more(int x);' '' 1
check "an unlisted function is found" symbols '' 'YBB_API int ybb_more(int x);' '' 2
check "a listed function that is not declared is found" symbols '' '' ybb_more 2
check "an exported function that is not listed is found" symbols 'int ybb__leak(void) { return 0; }' '' '' 3
check "a global name without our prefix is found" symbols 'int leak(void) { return 0; }' '' '' 4
check "a writable variable is found" symbols 'int *f(void); int *f(void) { static int x = 3; return &x; }' '' '' 5
check "a zeroed variable is found" symbols 'static int x; int *f(void); int *f(void) { return &x; }' '' '' 5
check "a thread-local variable is found" symbols '__thread int ybb_x;' '' '' 5

header() { # LINE NUMBER
    { echo "$1"; cat "$source/include/ybbexport.h"; } >"$work/ybbexport.h"
    finds check_header.sh "$2" "$work"
}
check "a header with a // comment of GNU or a warning is found" header 'static int unused_function(void) { return 1; }' 1

soft() { # a library without hardening
    echo 'int f(void); int f(void) { return 0; }' >"$work/soft.c"
    ${CC:-cc} -shared -fPIC -fno-stack-protector -Wl,-z,norelro -Wl,-z,lazy -o "$work/soft.so" "$work/soft.c"
    sh "$source/tests/arch/check_hardening.sh" "$work/soft.so" /nonexistent >"$work/output" || :
    for what in 'read-only after' 'bound at' 'stack protector' 'stays loaded' 'versioned name'; do
        grep -q "^not ok .*$what" "$work/output" || echo "$what: not found"
    done
}
check "missing hardening is found" soft

finish
