#!/bin/sh
# make lint: every check that runs no test. All of them run; the exit status is non-zero when one failed.
set -u
cd "$(dirname "$0")/.."

scripts/venv.sh || exit 1
failed=0

check() {
    "$@" || failed=1
}

check .venv/bin/python -m ruff check .
check .venv/bin/python -m ruff format --check --quiet .
check .venv/bin/python -m mypy
check .venv/bin/python -m djlint --lint --quiet templates
check .venv/bin/lint-imports --no-logo
check .venv/bin/python scripts/draw_imports.py --check
exit $failed
