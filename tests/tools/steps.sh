# Sourced by ./run: steps with a quiet log, packages, and the results of tests.
# shellcheck shell=sh disable=SC2154

say() {
    printf '==> %s\n' "$*"
}

die() {
    printf 'run: %s\n' "$*" >&2
    exit 1
}

start_log() {
    mkdir -p build/log
    log=build/log/$1.log
    : >"$log"
}

now() {
    date +%s.%N
}

since() { # seconds, with one decimal
    echo "$1 $(now)" | awk '{ printf "%.1f", $2 - $1 }'
}

grouped() { # 60000: 60,000
    echo "$1" | sed -e :a -e 's/^\([0-9]\{1,\}\)\([0-9]\{3\}\)/\1,\2/;ta'
}

in_folder() {
    (cd "$1" && shift && exec "$@")
}

# step NAME COMMAND [ARGUMENT ...]: one line for a person, the rest to the log. Ends everything on failure.
step() {
    step_name=$1
    shift
    printf '==> %s' "$step_name"
    printf '\n==> %s\n' "$step_name" >>"$log"
    step_started=$(now)
    if "$@" >>"$log" 2>&1 </dev/null; then
        printf ' (%s s)\n' "$(since "$step_started")"
        return
    fi
    printf ': failed\n\nThe end of %s:\n' "$log"
    tail -n 40 "$log" | sed 's/^/    /'
    die "$step_name failed; all of its output is in $log"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
        apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold "$@"
}

# Lists may be missing, or older than the archive: then the first try fails.
install_packages() {
    if ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1; then
        apt_get update
    elif apt_get install --no-install-recommends "$@"; then
        return 0
    else
        apt_get update
    fi
    apt_get install --no-install-recommends "$@"
}

# The names of the installed packages and of those that they stand for: a nodejs from elsewhere than
# Debian is its own npm, and refuses Debian's.
present_packages() {
    dpkg-query -W -f='${db:Status-Status} ${Package}, ${Provides}\n' 2>/dev/null |
        sed -n 's/^installed //p' | tr ',' '\n' | sed 's/^ *//; s/[ :(].*//' | sort -u
}

# need_packages NAME ...: installs those that are missing; asks nobody when none is.
need_packages() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "This is not Debian or Ubuntu: going on without installing packages"
        return
    fi
    present=$(present_packages)
    missing=
    for package in "$@"; do
        echo "$present" | grep -qxF "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        die "packages are missing and there is no sudo. As root: apt-get install$missing"
    fi
    say "Installing packages:$missing"
    # a password can only be asked for here: a step has no input
    [ "$(id -u)" -eq 0 ] || sudo -v || die "packages are missing: apt-get install$missing"
    # shellcheck disable=SC2086 # a list of names
    step "Installing" install_packages $missing
}

clear_results() {
    results=build/log/results
    : >"$results"
}

# run_tests FOLDER SECONDS [VARIABLE=VALUE ...]: make check beside a MariaDB; shows a line for each program
# as it ends, and what failed in it, and adds to the results.
run_tests() {
    folder=$1 limit=$2
    shift 2
    find "$folder/tests" -name '*.trs' -exec rm -f {} +
    : >build/log/shown
    say "Testing in $folder"
    python3 tests/tools/with_mariadb.py --limit "$limit" \
        make -C "$folder" -j "$(nproc)" -k check "$@" >>"$log" 2>&1 </dev/null &
    testing=$!
    while kill -0 "$testing" 2>/dev/null; do
        sleep 1
        show_ended "$folder"
    done
    status=0
    wait "$testing" || status=$?
    show_ended "$folder"
    if [ "$status" -ne 0 ] && ! grep -q '^FAIL' "$results"; then
        tail -n 40 "$log" | sed 's/^/    /'
        echo "FAIL make check in $folder" >>"$results"
    fi
}

# A program's .trs file is whole when it has its last line.
show_ended() {
    find "$1/tests" -name '*.trs' -exec grep -l '^:copy-in-global-log:' {} + | sort |
        comm -23 - build/log/shown >build/log/ended || :
    while read -r trs; do
        show_program "$1" "$trs"
    done <build/log/ended
    sort -o build/log/shown build/log/shown build/log/ended
}

show_program() {
    program=${2#"$1"/}
    # a program that reports a failure also ends with one, which is no second failure
    sed -n 's/^:test-result: //p' "$2" | sed 's/^XFAIL/PASS/; s/^XPASS/FAIL/' | awk '
        /^FAIL/ { failed = 1 }
        /^ERROR - exited with status/ { exited = $0; next }
        { sub(/^ERROR/, "FAIL"); print }
        END { if (exited && !failed) { sub(/^ERROR/, "FAIL", exited); print exited } }' \
        >build/log/program
    cat build/log/program >>"$results"
    awk -v name="${program%.trs}" '
        { count[$1]++ }
        END {
            printf "    %-36s %3d passed", name, count["PASS"]
            if (count["FAIL"]) printf ", %d FAILED", count["FAIL"]
            if (count["SKIP"]) printf ", %d skipped", count["SKIP"]
            print ""
        }' build/log/program
    if grep -q '^FAIL' build/log/program; then
        awk '/^not ok/ { shown = 20 } /^ok/ { shown = 0 }
            /^(Bail out|ERROR)/ || (shown-- > 0) { print "        " $0 }' "${2%.trs}.log"
        echo "        all of it: ${2%.trs}.log"
    elif ! [ -s build/log/program ]; then
        echo "FAIL $program ran no test" >>"$results"
    fi
}

# run_as_test NAME COMMAND [ARGUMENT ...]: one test that is a command.
run_as_test() {
    test_name=$1
    shift
    printf '==> %s' "$test_name"
    test_started=$(now)
    if "$@" >>"$log" 2>&1 </dev/null; then
        printf ' (%s s)\n' "$(since "$test_started")"
        echo "PASS $test_name" >>"$results"
        return
    fi
    printf ': FAILED\n'
    tail -n 40 "$log" | sed 's/^/    /'
    echo "FAIL $test_name" >>"$results"
}

end_with_results() {
    say "All output is in $log"
    awk '{ count[$1]++ } END {
        printf "%d passed, %d failed, %d skipped\n", count["PASS"], count["FAIL"], count["SKIP"]
    }' "$results"
    grep -q '^PASS' "$results" && ! grep -q '^FAIL' "$results"
}
