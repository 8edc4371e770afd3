#!/bin/sh
# Any other CI: the consolidator against the committed baseline. Exits 0 pass, 1 fail, 2 something to mend,
# 3 undecided.
#
# Once, on the version that's good enough, and again whenever it's replaced by a better one:
#   rembench run -c consolidator.py:Mine -p gate -o runs/good
#   rembench gate init runs/good -o ci/gate.toml
#   rembench gate baseline runs/good --policy ci/gate.toml -o ci/baseline.json
#   git add ci/gate.toml ci/baseline.json
set -eu
out=${OUT:-rembench-gate}
rembench run -c "${CONSOLIDATOR:-consolidator.py:Mine}" -p "${PACK:-gate}" -o "$out/run" --quiet
rembench gate "$out/run" --baseline "${BASELINE:-ci/baseline.json}" --policy "${POLICY:-ci/gate.toml}" \
    --junit "$out/junit.xml" --summary "$out/summary.md"
