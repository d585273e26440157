# Sourced by tests that are shell scripts: TAP, one line a check.
# shellcheck shell=sh
LC_ALL=C
export LC_ALL
number=0
failed=0

# check NAME COMMAND [ARGUMENT ...]: passes when the command succeeds and prints nothing; what it
# prints are the findings.
check() {
    name=$1
    shift
    number=$((number + 1))
    status=0
    findings=$("$@" 2>&1) || status=$?
    if [ "$status" -eq 0 ] && [ -z "$findings" ]; then
        echo "ok $number - $name"
        return 0
    fi
    failed=$((failed + 1))
    echo "not ok $number - $name"
    printf '%s\n' "$findings" | tail -n 40 | sed 's/^/# /'
}

# skip NAME REASON
skip() {
    number=$((number + 1))
    echo "ok $number - $1 # SKIP $2"
}

finish() {
    echo "1..$number"
    [ "$failed" -eq 0 ] && [ "$number" -gt 0 ]
}
