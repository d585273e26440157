# Sourced by ./run: builds the PHP extension over the library of a build folder.
# shellcheck shell=sh disable=SC2154

# The build folder's library as an installed one, for pkg-config.
write_php_pc() {
    version=$(sed -n 's/^AC_INIT(\[libybbexport\], \[\(.*\)\])$/\1/p' configure.ac)
    mkdir -p "$1"
    cat >"$1/ybbexport.pc" <<PC
Name: ybbexport
Description: libybbexport in its build folder
Version: $version
Cflags: -I$top/include
Libs: -L$top/build/.libs -lybbexport
PC
}

# Sources are copied, so that phpize leaves its many files in the build folder.
copy_php_sources() {
    mkdir -p "$1/tests"
    for source in php-ext/*.[ch] php-ext/config.m4 php-ext/tests/*; do
        copy=$1/${source#php-ext/}
        cmp -s "$source" "$copy" || cp "$source" "$copy"
    done
}

# build_php: build/ybb_export.so, over build/.libs.
build_php() {
    php_folder=$top/build/php-ext
    copy_php_sources "$php_folder"
    write_php_pc "$php_folder/pkgconfig"
    php_options="$(php-config --version) $(cksum <php-ext/config.m4)"
    if [ "$php_options" != "$(cat "$php_folder/options" 2>/dev/null)" ]; then
        step "Configuring build/php-ext" in_folder "$php_folder" \
            sh -c 'phpize && ./configure --enable-ybb-export PKG_CONFIG_PATH="$PWD/pkgconfig"'
        echo "$php_options" >"$php_folder/options"
    fi
    # make does not know of the library's header
    [ ! -f "$php_folder/Makefile" ] || [ include/ybbexport.h -ot "$php_folder/modules/ybb_export.so" ] ||
        rm -f "$php_folder"/*.lo
    step "Building build/ybb_export.so" make -C "$php_folder"
    cp "$php_folder/modules/ybb_export.so" build/ybb_export.so
}
