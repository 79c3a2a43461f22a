#!/bin/sh
# make coverage: the tests on SQLite with every line and branch of the product counted. The page: var/coverage/html.
# Tests that measure time or memory are left out: counting would change what they measure.
set -eu
cd "$(dirname "$0")/.."

scripts/venv.sh
mkdir -p var/coverage
.venv/bin/python -m pytest -q -n auto --dist worksteal -m "not runtime and not e2e" \
    --ignore core/tests/test_xlsx_memory.py --ignore reports/tests/test_bench_command.py \
    --cov --cov-report term:skip-covered --cov-report html "$@"
