#!/bin/sh
# After a change of dependencies: renews uv.lock and the requirements files made from it. Needs uv.
# Options go to `uv lock`: sh scripts/lock.sh --upgrade
set -eu
cd "$(dirname "$0")/.."
uv lock --default-index https://pypi.org/simple "$@"
export="uv export --frozen --no-hashes --no-emit-project --no-annotate --no-header --quiet"
$export --no-dev -o requirements.txt
$export --dev -o requirements-dev.txt
