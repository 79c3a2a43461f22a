#!/bin/bash
# make test: everything CI runs, part by part. The exit status is non-zero when any part failed.
# Three lines of parts run side by side and keep two cores busy: those of the last one often wait for a server or a
# browser. What a part says goes to a file and is printed once the parts before it have been.
set -uo pipefail
cd "$(dirname "$0")/.."

scripts/venv.sh || exit 1
python=.venv/bin/python
logs=$(mktemp -d)
failed=0
# Each line of parts is a process group of its own, to be interrupted as a whole.
set -m
trap 'rm -rf "$logs"' EXIT
trap 'for line in $(jobs -p); do kill -INT -- "-$line"; done; wait; tail -n 20 "$logs"/*.log; exit 130' INT TERM

# run NAME COMMAND…
run() {
    local name=$1 started=$SECONDS status=0
    shift
    "$@" >"$logs/$name.log" 2>&1 || status=$?
    echo "$status $((SECONDS - started))" >"$logs/$name.status"
    mv "$logs/$name.status" "$logs/$name.end"
}

# show NAME TITLE: waits for the part and prints what it said.
show() {
    local name=$1 title=$2 status seconds
    until [ -e "$logs/$name.end" ]; do
        if [ -z "$(jobs -r)" ] && [ ! -e "$logs/$name.end" ]; then
            echo "1 0" >"$logs/$name.end"
        fi
        sleep 1
    done
    read -r status seconds <"$logs/$name.end"
    if [ "$status" = 0 ]; then
        echo "$title: 通过 ($seconds s)" >>"$logs/parts"
    else
        echo "$title: 失败 ($seconds s)" >>"$logs/parts"
        failed=1
    fi
    printf '\n==== %s ====\n' "$title"
    head -n -1 "$logs/$name.log"
    # The last word belongs to pytest: the list of parts stands before it.
    [ "$name" = "$last" ] && cat "$logs/parts"
    tail -n 1 "$logs/$name.log"
}

lint() {
    scripts/lint.sh
}

framework() {
    export DJANGO_SETTINGS_MODULE=tests.settings
    $python manage.py makemigrations --check --dry-run && $python manage.py check
}

# Of long tables of rows, and of what the second database repeats, a part is drawn; make soak runs all (tests/scale.py).
export TEST_DRAWN=1
# Migrated once for all parts on SQLite (tests/database.py).
export TEST_ORIGINALS=$logs/originals
mkdir "$TEST_ORIGINALS"
# One draw for both databases: what the second one takes, the first leaves out.
export SOAK_SEED=${SOAK_SEED:-$((RANDOM * 32768 + RANDOM))}
unit=(-m pytest -q --dist worksteal -m "not runtime and not e2e")
last=browser
if ! CHROMIUM=$(scripts/ensure-chromium.sh); then
    last=runtime
fi
export CHROMIUM
printed=e2e
if ! SOFFICE=$(scripts/ensure-libreoffice.sh); then
    printed="e2e and not office"
    echo "打印测试（Excel）: 未运行（缺少 LibreOffice）" >>"$logs/parts"
    if [ "${CI:-}" = true ] || [ "${CI:-}" = 1 ]; then
        failed=1
    fi
fi
export SOFFICE
# The runtime tests check the unit files with it; without it that one fails.
scripts/ensure-systemd.sh || true
# Compiled modules are kept, whatever the shell says: every process of the tests reads the same four hundred.
unset PYTHONDONTWRITEBYTECODE

{
    run lint lint
    run framework framework
} &
{
    run sqlite $python "${unit[@]}" -n 2
} &
{
    # Processes wait more than they compute: they come first, while the other lines keep the cores busy.
    run runtime $python -m pytest -q -n 2 --dist loadfile -m runtime
    run postgresql $python scripts/with_postgres.py $python "${unit[@]}" -n 2
    [ $last = browser ] && run browser $python -m pytest -q -m "$printed"
} &

show lint 代码检查
show framework 迁移与框架检查
show sqlite "测试（SQLite）"
show postgresql "测试（PostgreSQL）"
if [ $last = browser ]; then
    show runtime 真实进程测试
    show browser 浏览器测试
elif [ "${CI:-}" = true ] || [ "${CI:-}" = 1 ]; then
    echo "浏览器测试: 失败（缺少浏览器）" >>"$logs/parts"
    failed=1
    show runtime 真实进程测试
else
    echo "浏览器测试: 未运行（缺少浏览器）" >>"$logs/parts"
    show runtime 真实进程测试
fi
exit $failed
