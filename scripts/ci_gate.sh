#!/usr/bin/env bash
# Runs consolidators and holds them to a baseline, in any CI. All it's told comes from the environment, so that
# nothing of it is ever read as shell:
#
#   REMBENCH_BASELINE       the file that `rembench gate baseline` wrote, or a run folder          (needed)
#   REMBENCH_CONSOLIDATORS  what to run, one a line, as for `rembench run -c`
#   REMBENCH_PACKS          the packs to run on, one a line, as for `rembench run -p`              [gate]
#   REMBENCH_RUN            a run folder that's there already: nothing is run
#   REMBENCH_POLICY         gate.toml                                                              [the default policy]
#   REMBENCH_SEED           seed of the run                                                        [0]
#   REMBENCH_UNTIL_DECIDED  true: run scenarios in looks, and stop once it's decided               [false]
#   REMBENCH_UNDECIDED      what an undecided gate does to the job: fail or pass                   [fail]
#   REMBENCH_OUT            folder for the run, junit.xml, summary.md and gate.json                [rembench-gate]
#
# Exits as `rembench gate` does: 0 pass, 1 fail, 2 something to mend, 3 undecided (0 with REMBENCH_UNDECIDED=pass).
set -euo pipefail

fail() {
    printf 'ci_gate.sh: error: %s\n' "$1" >&2
    exit 2
}

# Sets `options` to FLAG VALUE for every line of a text that isn't empty.
options_of() {
    options=()
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        line="${line#"${line%%[![:space:]]*}"}"
        line="${line%"${line##*[![:space:]]}"}"
        if [ -n "$line" ]; then options+=("$1" "$line"); fi
    done <<<"$2"
}

baseline="${REMBENCH_BASELINE:-}"
run="${REMBENCH_RUN:-}"
out="${REMBENCH_OUT:-rembench-gate}"
undecided="${REMBENCH_UNDECIDED:-fail}"
until_decided="${REMBENCH_UNTIL_DECIDED:-false}"
[ -n "$baseline" ] || fail "REMBENCH_BASELINE is missing"
case "$undecided" in fail | pass) ;; *) fail "REMBENCH_UNDECIDED: fail or pass was expected" ;; esac
case "$until_decided" in true | false) ;; *) fail "REMBENCH_UNTIL_DECIDED: true or false was expected" ;; esac
if [ -z "$run" ] && [ -z "${REMBENCH_CONSOLIDATORS:-}" ]; then
    fail "REMBENCH_CONSOLIDATORS or REMBENCH_RUN is missing"
fi

options_of -c "${REMBENCH_CONSOLIDATORS:-}"
contestants=(${options[@]+"${options[@]}"})
options_of -p "${REMBENCH_PACKS:-gate}"
packs=(${options[@]+"${options[@]}"})
seed=(--seed "${REMBENCH_SEED:-0}")
mkdir -p -- "$out"
written=(--baseline "$baseline" --junit "$out/junit.xml" --summary "$out/summary.md")
if [ -n "${REMBENCH_POLICY:-}" ]; then written+=(--policy "$REMBENCH_POLICY"); fi

code=0
if [ -z "$run" ] && [ "$until_decided" = true ]; then
    run="$out/run"
    rembench gate "${written[@]}" --until-decided "${contestants[@]}" "${packs[@]}" "${seed[@]}" -o "$run" || code=$?
else
    if [ -z "$run" ]; then
        run="$out/run"
        rembench run "${contestants[@]}" "${packs[@]}" "${seed[@]}" -o "$run" --quiet >&2 || code=$?
        # 2 where a contestant has failed nights too: the gate says what that means
        if [ "$code" -ne 0 ] && [ ! -f "$run/summary.json" ]; then exit "$code"; fi
        code=0
    fi
    rembench gate "${written[@]}" -- "$run" || code=$?
fi

case "$code" in 0) verdict=pass ;; 1) verdict=fail ;; 3) verdict=undecided ;; *) exit "$code" ;; esac
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat -- "$out/summary.md" >>"$GITHUB_STEP_SUMMARY"; fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'verdict=%s\n' "$verdict" >>"$GITHUB_OUTPUT"; fi
if [ "$code" -eq 3 ] && [ "$undecided" = pass ]; then exit 0; fi
exit "$code"
