# Makes .venv with rembench in it; sourced by ./quickstart and ./check from the repository's root.
#   setup run    what rembench needs
#   setup dev    that, and what its tests need
# With uv: what uv.lock says. Without: the same versions from requirements.txt, through venv and pip.
# Does nothing when .venv is up to date. PYTHON names the interpreter to use.

fail() {
    echo "$0: error: $*" >&2
    exit 2
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 or later isn't found; install it or uv (https://docs.astral.sh/uv), or set PYTHON"
}

fingerprint() {
    cat pyproject.toml uv.lock requirements.txt requirements-dev.txt scripts/setup.sh | cksum
    pwd
}

setup() {
    for stamp in .venv/.rembench-dev ".venv/.rembench-$1"; do
        if [ -x .venv/bin/rembench ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint)" ]; then
            return
        fi
    done
    echo "setting up .venv (once; a few minutes on a slow line)" >&2
    if command -v uv >/dev/null 2>&1; then
        setup_with_uv "$1"
    else
        setup_with_pip "$1"
    fi
    fingerprint >".venv/.rembench-$1"
}

setup_with_uv() {
    groups=--no-dev
    if [ "$1" = dev ]; then groups=--dev; fi
    uv sync --frozen --inexact --quiet --compile-bytecode "$groups" ${PYTHON:+--python "$PYTHON"} ||
        fail "uv sync failed, see above"
}

setup_with_pip() {
    wanted=requirements.txt
    if [ "$1" = dev ]; then wanted=requirements-dev.txt; fi
    python=$(find_python) || exit 2
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            fail "Python's venv is missing: apt install python3-venv (or install uv)"
        "$python" -m venv --clear .venv || fail "no virtual environment could be made, see above"
    fi
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$wanted" ||
        fail "pip install failed, see above"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e . ||
        fail "rembench couldn't be installed, see above"
}
