#!/bin/sh
# docs/errors.md is what the table of statuses says.
set -eu
source=$(cd "${YBB_SOURCE_DIR:-.}" && pwd)
. "$(dirname "$0")/../tools/tap.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# CC may be a command with options
make_page() {
    ${CC:-cc} -I"$source/include" -o "$work/errors_page" "$source/tests/tools/errors_page.c" &&
        "$work/errors_page" >"$work/errors.md"
}

page_is_made() {
    diff "$source/docs/errors.md" "$work/errors.md" || echo "make errors-page writes it"
}

# a code that the sources report and the table lacks does not compile; one that nothing reports is idle
is_reported() {
    for name in $(sed -n 's/^| `\([A-Z_]*\)`.*/\1/p' "$work/errors.md"); do
        grep -rqw "YBB_$name" "$source/lib" || echo "nothing reports $name"
    done
}

check "the page can be made" make_page
check "docs/errors.md is that page" page_is_made
check "every code is reported somewhere" is_reported
finish
