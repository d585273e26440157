#!/bin/sh
# own_database.sh COMMAND [ARGUMENT ...]: runs a test with a MariaDB database of its own, so that tests
# may run side by side. YBB_TEST_MYSQL (a DSN) is the server; without it the command just runs.
set -eu
if [ -n "${YBB_TEST_MYSQL:-}" ]; then
    for word in "$@"; do
        name=${word##*/}
    done
    name=ybb_$(printf %s "${name%.*}" | tr -c 'a-zA-Z0-9' '_')
    mariadb --no-defaults --socket="$YBB_TEST_SOCKET" --user=root \
        -e "DROP DATABASE IF EXISTS $name; CREATE DATABASE $name CHARACTER SET utf8mb4"
    YBB_TEST_MYSQL=${YBB_TEST_MYSQL%%\?*}
    YBB_TEST_MYSQL=${YBB_TEST_MYSQL%/*}/$name?socket=$YBB_TEST_SOCKET
    export YBB_TEST_MYSQL
fi
exec "$@"
