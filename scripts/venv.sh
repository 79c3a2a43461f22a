#!/bin/sh
# The virtual environment .venv with exactly what requirements.lock lists; does nothing when that is so already.
set -eu
cd "$(dirname "$0")/.."

fail() {
    echo "错误：$1" >&2
    exit 1
}

# The distribution's own Python comes first: it is built with optimization, a tenth faster than one that was not.
# Without python3-venv it cannot make an environment and is passed over.
find_python() {
    for candidate in "${PYTHON:-}" /usr/bin/python3.11 /usr/bin/python3 python3.11 python3 python3.12 python3.13; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

state() {
    { cat requirements.lock; .venv/bin/python -c 'import sys; print(sys.version, sys.base_prefix)'; } 2>/dev/null | sha256sum
}

stamp=.venv/installed
if [ -f "$stamp" ] && [ "$(state)" = "$(cat "$stamp")" ]; then
    exit 0
fi

python=$(find_python)
[ -n "$python" ] || fail "需要 Python 3.11 或更高版本。Debian/Ubuntu 请先执行：apt-get install python3 python3-venv"
echo "准备运行环境（首次约需一两分钟）……"
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    "$python" -m venv .venv || fail "无法创建虚拟环境。Debian/Ubuntu 请先执行：apt-get install python3-venv"
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: -r requirements.lock ||
    fail "依赖安装失败，原因见上方。请检查网络或 pip 镜像设置后重试，已下载的部分会保留。"
state >"$stamp"
