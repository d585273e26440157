#!/bin/sh
# The extension is built from what is distributed, the ways its users do: by phpize over an installed library, and by
# the steps of PIE over the root's composer.json. The stubs say what the extension has.
set -eu
source=$(cd "${YBB_SOURCE_DIR:-.}" && pwd)
build=$(cd "${YBB_BUILD_DIR:-build}" && pwd)
. "$(dirname "$0")/../tools/tap.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL

if ! command -v phpize >/dev/null; then
    echo "1..0 # SKIP there is no phpize: on Debian and Ubuntu install php-dev"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What make install leaves of the library; the tests of the installation run at the same time.
install_library() {
    mkdir -p "$work/installed/include" "$work/installed/lib/pkgconfig"
    cp "$source/include/ybbexport.h" "$work/installed/include"
    cp -P "$build"/.libs/libybbexport.so* "$work/installed/lib"
    sed "s|^prefix=.*|prefix=$work/installed|; s|^libdir=.*|libdir=$work/installed/lib|
        s|^includedir=.*|includedir=$work/installed/include|" "$build/pkgconfig/ybbexport.pc" \
        >"$work/installed/lib/pkgconfig/ybbexport.pc"
}

copy_sources() { # FOLDER
    rm -rf "$1"
    mkdir -p "$1"
    cp -R "$source/php-ext" "$source/composer.json" "$1"
    chmod -R u+w "$1"
}

# by_phpize FOLDER [OPTION ...]: PIE's steps are these too, in the folder that composer.json names.
by_phpize() {
    folder=$1
    shift
    (cd "$folder" && phpize && ./configure "$@" && make -j2) >"$work/log" 2>&1 || tail -n 30 "$work/log"
    [ -f "$folder/modules/ybb_export.so" ] || echo "there is no modules/ybb_export.so"
    grep -n '\.[ch]:.*warning:' "$work/log" || :
}

loads() { # FOLDER
    php -n -d extension="$1/modules/ybb_export.so" -r 'echo YBB_EXPORT_VERSION === ybb_version_of() ? "" : "?"; function ybb_version_of() { return phpversion("ybb_export"); }'
}

uses_installed() {
    ldd "$work/plain/php-ext/modules/ybb_export.so" | grep -q "libybbexport.so.0 => $work/installed" ||
        echo "another library is used"
}

linked_well() {
    so=$work/plain/php-ext/modules/ybb_export.so
    readelf -d "$so" | grep -q NODELETE || echo "it may be unloaded under its threads"
    readelf -d "$so" | grep -q NOW || echo "its symbols are not bound at once"
    [ "$(nm --dynamic --defined-only "$so" | awk '{ print $NF }')" = get_module ] ||
        nm --dynamic --defined-only "$so"
}

# What PIE reads of composer.json: the type, the name, the folder, and only options that are listed.
pie_folder() {
    php -n -r '
        $package = json_decode(file_get_contents($argv[1]), true, 512, JSON_THROW_ON_ERROR);
        $extension = $package["php-ext"];
        if ($package["type"] !== "php-ext" || !preg_match("/^[A-Za-z][A-Za-z0-9_]+$/", $extension["extension-name"])) exit(1);
        $option = "--" . $extension["configure-options"][0]["name"];
        echo $extension["build-path"], " ", $option;' "$work/pie/composer.json"
}

by_pie() {
    copy_sources "$work/pie"
    set -- $(pie_folder)
    by_phpize "$work/pie/$1" "$2"
    loads "$work/pie/$1"
}

composer_accepts() {
    if command -v composer >/dev/null; then
        (cd "$work/plain" && COMPOSER_ALLOW_SUPERUSER=1 composer --no-interaction --no-plugins validate --no-check-publish --quiet 2>&1) ||
            echo "composer validate fails"
    fi
}

# The names and signatures that editors are shown are those of the extension.
ide_agrees() {
    php -n -d extension="$work/plain/php-ext/modules/ybb_export.so" "$source/tests/php/ide_stub.php" \
        "$source/php-ext/ide/ybb_export.php"
}

arginfo_is_of_stub() {
    hash=$(sed -n 's/.*Stub hash: \([0-9a-f]*\).*/\1/p' "$source/php-ext/ybb_export_arginfo.h")
    [ "$hash" = "$(tr -d '\r' <"$source/php-ext/ybb_export.stub.php" | sha1sum | cut -d ' ' -f 1)" ] ||
        echo "php-ext/ybb_export_arginfo.h was generated from another stub"
}

PKG_CONFIG_PATH=$work/installed/lib/pkgconfig
export PKG_CONFIG_PATH
install_library
check "phpize, configure and make build it without a warning" eval 'copy_sources "$work/plain"; by_phpize "$work/plain/php-ext"'
check "it loads" loads "$work/plain/php-ext"
check "it uses the installed library" uses_installed
check "it shows get_module alone, is bound at once and stays loaded" linked_well
check "what editors are shown is what it has" ide_agrees
check "arginfo was generated from the stub" arginfo_is_of_stub
check "composer takes composer.json" composer_accepts
check "PIE's steps build it" by_pie
finish
