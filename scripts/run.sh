#!/bin/sh
# make run and make dev: environment, .env, database, demo data, static files, then the whole system in the foreground.
# Arguments go to `manage.py up`.
set -eu
cd "$(dirname "$0")/.."

# A new key beside the same data would make every recorded audit entry look changed.
if [ ! -e .env ] && [ -e var/db.sqlite3 ]; then
    echo "错误：数据目录 var 中已有数据库，但没有 .env（其中的密钥用来校验已有记录），没有启动。" >&2
    echo "请把原来的 .env 放回本目录；确实要重新开始的，请先把 var 目录移到别处。" >&2
    exit 1
fi
scripts/venv.sh
if [ ! -e .env ]; then
    (umask 077 && .venv/bin/python scripts/new_env.py >.env.part && mv .env.part .env)
    echo "已生成 .env（含随机密钥，请勿外传）。"
fi
# DEMO=0 (make run DEMO=0): an empty system, which begins with the page of the first start.
if [ "${DEMO:-1}" = 0 ]; then
    .venv/bin/python manage.py prepare
else
    .venv/bin/python manage.py prepare --demo
fi
exec .venv/bin/python manage.py up "$@"
