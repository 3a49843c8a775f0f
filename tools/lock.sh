#!/bin/sh
# Write the lock files anew from pyproject.toml: exact versions with the hashes of all their files, for Python 3.11–3.13 on
# every system, and no word of where they come from. Needs uv (pip install uv). UPGRADE=1 takes newer versions.
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "uv saknas. Installera det med: pip install uv" >&2; exit 1; }

lock() {
    out=$1
    shift
    uv pip compile "$@" --universal --python-version 3.11 --generate-hashes --quiet ${UPGRADE:+--upgrade} \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file "requirements/$out"
}

lock run.txt pyproject.toml --group build
lock dev.txt pyproject.toml --group build --group dev --constraint requirements/run.txt
lock load.txt pyproject.toml --group build --group load --constraint requirements/dev.txt
lock bench.txt pyproject.toml --group build --group bench --constraint requirements/dev.txt
lock node.txt requirements/node.in
