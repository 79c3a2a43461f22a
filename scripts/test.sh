#!/bin/bash
# make test: everything CI runs, part by part. The exit status is non-zero when any part failed.
set -uo pipefail
cd "$(dirname "$0")/.."

scripts/venv.sh || exit 1
python=.venv/bin/python
PARTS_FILE=$(mktemp)
export PARTS_FILE
trap 'rm -f "$PARTS_FILE"' EXIT
failed=0

part() {
    local name=$1 started=$SECONDS
    shift
    echo
    echo "==== $name ===="
    if "$@"; then
        echo "$name: 通过 ($((SECONDS - started)) s)" >>"$PARTS_FILE"
    else
        echo "$name: 失败 ($((SECONDS - started)) s)" >>"$PARTS_FILE"
        failed=1
    fi
}

lint() {
    scripts/lint.sh
}

framework() {
    export DJANGO_SETTINGS_MODULE=tests.settings
    $python manage.py makemigrations --check --dry-run && $python manage.py check
}

unit=(-m pytest -q -n 2 --dist worksteal -m "not runtime and not e2e")

browser=1
if ! CHROMIUM=$(scripts/ensure-chromium.sh); then
    browser=0
fi
export CHROMIUM

part "代码检查" lint
part "迁移与框架检查" framework
part "测试（SQLite）" $python "${unit[@]}"
part "测试（PostgreSQL）" $python scripts/with_postgres.py $python "${unit[@]}"
if [ $browser = 0 ]; then
    if [ "${CI:-}" = true ] || [ "${CI:-}" = 1 ]; then
        echo "浏览器测试: 失败（缺少浏览器）" >>"$PARTS_FILE"
        failed=1
    else
        echo "浏览器测试: 未运行（缺少浏览器）" >>"$PARTS_FILE"
    fi
    part "真实进程测试" $python -m pytest -q -n 2 --dist loadfile -m runtime
else
    part "真实进程测试" $python -m pytest -q -n 2 --dist loadfile -m runtime
    part "浏览器测试" $python -m pytest -q -m e2e
fi
exit $failed
