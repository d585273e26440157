#!/bin/sh
# own_database.sh COMMAND [ARGUMENT ...]: runs a test with a MariaDB database of its own, so that tests
# may run side by side. YBB_TEST_MYSQL (a DSN) is the server; without it the command just runs.
set -eu
if [ -n "${YBB_TEST_MYSQL:-}" ]; then
    for path in "$@"; do :; done
    # the last folder and the name: unit/test_db, e2e/test_rows.py
    folder=${path%/*}
    name=ybb_$(printf %s "${folder##*/}/${path##*/}" | tr -c 'a-zA-Z0-9' '_')
    mariadb --no-defaults --socket="$YBB_TEST_SOCKET" --user=root \
        -e "DROP DATABASE IF EXISTS $name; CREATE DATABASE $name CHARACTER SET utf8mb4"
    YBB_TEST_MYSQL=${YBB_TEST_MYSQL%%\?*}
    YBB_TEST_MYSQL=${YBB_TEST_MYSQL%/*}/$name?socket=$YBB_TEST_SOCKET
    export YBB_TEST_MYSQL
fi
exec "$@"
