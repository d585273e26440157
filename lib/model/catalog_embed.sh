#!/bin/sh
# Writes the documents named as arguments as C, for catalog_builtin.c. A string literal may have 4095
# bytes at most, so they are arrays of numbers.
set -e
LC_ALL=C
export LC_ALL
for document; do
    name=`basename "$document" .json`
    echo "static const unsigned char ${name}_bytes[] = {"
    od -A n -v -t u1 "$document" | sed -e 's/[0-9][0-9]*/&,/g'
    echo "};"
done
echo "static const ybb_document documents[] = {"
for document; do
    name=`basename "$document" .json`
    echo "    {\"$name.json\", (const char *)${name}_bytes, sizeof(${name}_bytes)},"
done
echo "};"
