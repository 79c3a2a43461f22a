#!/bin/sh
# make run and make dev: environment, .env, database, demo data, static files, then the whole system in the foreground.
# Arguments go to `manage.py up`.
set -eu
cd "$(dirname "$0")/.."

scripts/venv.sh
if [ ! -e .env ]; then
    (umask 077 && .venv/bin/python scripts/new_env.py >.env.part && mv .env.part .env)
    echo "已生成 .env（含随机密钥，请勿外传）。"
fi
.venv/bin/python manage.py prepare --demo
exec .venv/bin/python manage.py up "$@"
