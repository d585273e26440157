#!/bin/sh
# Holds every #include line of lib/, cli/ and php-ext/ against rooms.txt, and the names of files against
# each other. Usage: check_rooms.sh [TREE]
set -eu
tree=${1:-${YBB_SOURCE_DIR:-.}}

. "$(dirname "$0")/../tools/tap.sh"
cd "$tree"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sources() {
    for folder in lib cli php-ext; do
        if [ -d "$folder" ]; then
            find "$folder" -name '*.[ch]'
        fi
    done | sort
}

# "room header" arrows of each file, as "file:line: the line", that rooms.txt does not allow.
forbidden_arrows() {
    sources | awk '
        function room_of(path,    parts) {
            split(path, parts, "/")
            return parts[1] == "lib" ? parts[2] : parts[1]
        }
        function allowed(path, room, other,    name) {
            if (other == room || index(arrows[room], " " other " "))
                return 1
            for (name in arrows)
                if (index(name, "/") && index(path, name) == 1 && index(arrows[name], " " other " "))
                    return 1
            return 0
        }
        function check(path, room, header,    name, parts) {
            if (header ~ /^</) {
                for (name in owners)
                    if (index(header, name) == 1 && !index(owners[name], " " room " "))
                        return 0
                return 1
            }
            header = substr(header, 2, length(header) - 2)
            if (header == "ybbexport.h" || header == "config.h")
                return 1
            if (room == "cli" && header !~ /\//)
                return 1
            if (room == "php-ext" && header !~ /\//)
                return 1
            return split(header, parts, "/") >= 2 && allowed(path, room, parts[1])
        }
        BEGIN {
            while ((getline line < "tests/arch/rooms.txt") > 0) {
                count = split(line, words)
                if (count == 0 || words[1] ~ /^#/)
                    continue
                list = " "
                for (i = 2; i <= count; i++)
                    list = list words[i] " "
                if (words[1] ~ /^</)
                    owners[words[1]] = list
                else
                    arrows[words[1]] = list
            }
        }
        {
            path = $0
            room = room_of(path)
            if (!(room in arrows))
                print path ": rooms.txt has no room " room
            for (n = 1; (getline line < path) > 0; n++) {
                if (line !~ /^[ \t]*#[ \t]*include/)
                    continue
                header = line
                sub(/^[ \t]*#[ \t]*include[ \t]*/, "", header)
                if (match(header, /^("[^"]*"|<[^>]*>)/) == 0 ||
                    !check(path, room, substr(header, 1, RLENGTH)))
                    print path ":" n ": " line
            }
            close(path)
        }'
}

# Every .c file with a header of its name includes that one before all others but configure's.
header_not_first() {
    sources | awk '
        { paths[NR] = $0; exists[$0] = 1 }
        END {
            for (i = 1; i <= NR; i++) {
                own = paths[i]
                if (own !~ /\.c$/ || !(sub(/\.c$/, ".h", own) && own in exists))
                    continue
                sub(/^lib\//, "", own)
                sub(/^(cli|php-ext)\//, "", own)
                while ((getline line < paths[i]) > 0) {
                    if (line !~ /^[ \t]*#[ \t]*include/ || line ~ /"config\.h"/)
                        continue
                    if (!index(line, "\"" own "\""))
                        print paths[i] ": its first include is " line
                    break
                }
                close(paths[i])
            }
        }'
}

twice_named() {
    for folder in lib cli php-ext include tests bench docs; do
        if [ -d "$folder" ]; then
            find "$folder" -name '*.[ch]' -o -name '*.py' -o -name '*.sh' -o -name '*.json'
        fi
    done | awk -F/ '{ if ($NF in seen) print $0 " and " seen[$NF]; seen[$NF] = $0 }'
}

# Make has explicit lists; a file that is in none is never built, or never runs. A unit test is listed as
# its program.
unlisted() {
    find lib cli tests bench php-ext -name Makefile.inc -exec cat {} + | sed 's/#.*//' | tr -s ' \t\\' '\n' |
        LC_ALL=C sort -u >"$work/listed"
    {
        find lib cli bench php-ext tests/unit -name '*.[ch]' | sed 's|^\(tests/unit/test_.*\)\.c$|\1|'
        find php-ext -name '*.phpt' -o -name '*.inc' ! -name Makefile.inc
        find tests -name 'test_*.py' -o -name 'test_*.sh' -o -name 'check_*.py' -o -name 'check_*.sh'
    } | LC_ALL=C sort | comm -23 - "$work/listed" | sed 's/$/: in no Makefile.inc/'
}

some_sources() {
    [ "$(sources | wc -l)" -gt 40 ] || echo "only $(sources | wc -l) files in $(pwd)"
}

check "the tree has sources" some_sources
check "every include runs along an arrow of rooms.txt" forbidden_arrows
check "a file includes its own header first" header_not_first
check "file names are unique in the whole tree" twice_named
check "make knows every source and every test" unlisted
finish
