#!/bin/sh
# under_valgrind.sh FORMAT: a small multi-file export under valgrind. No error, nothing lost.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build/ybbexport demo-data "sqlite://$work/demo.db" --participants 1500
mkdir "$work/out"
cat >"$work/request.json" <<END
{"export_type": "participants", "program_id": 1, "format": "$1", "template": "detailed",
 "large_dataset_options": {"strategy": "multi_file", "chunk_size": 1000}}
END
valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,indirect,possible \
    --num-callers=30 build/ybbexport export --source "sqlite://$work/demo.db" --out "$work/out" \
    "$work/request.json"
