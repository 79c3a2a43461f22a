#!/bin/bash
# make unit: the tests beside the code and the architecture tests, on SQLite. Left to `make test`: the proofs over all
# pages, and what takes long by itself. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/venv.sh
left_out=(
    tests/access tests/faults tests/flows tests/twin
    core/tests/test_command_line.py core/tests/test_error_pages.py core/tests/test_xlsx_memory.py
    evidence/tests/test_accept_photo_refuses.py
    issues/tests/test_export_ledger.py issues/tests/test_make_due_reminders.py
    issues/tests/test_reminders_virtual_clock.py issues/tests/test_transition_race.py issues/tests/test_transition_table.py
    reports/tests/test_bench_command.py demo/tests/test_demo.py tests/runtime/test_health.py
)
# It starts a process.
one_test=campaigns/tests/test_due_dates.py::test_preview_campaign_needs_no_database_that_was_ever_migrated
exec .venv/bin/python -m pytest -q -n auto --dist worksteal -m "not runtime and not e2e" \
    "${left_out[@]/#/--ignore=}" --deselect="$one_test" "$@"
