#!/bin/sh
# See that systemd-analyze is here, which checks the unit files: installed when root, else the command is named on
# standard error. Exit status 3: still missing.
set -eu

if ! command -v systemd-analyze >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "安装 systemd（只用其中的 systemd-analyze 核对单元文件）……" >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends systemd; } >&2 || true
fi
if command -v systemd-analyze >/dev/null; then
    exit 0
fi
echo "缺少 systemd-analyze，请执行：sudo apt-get install -y systemd" >&2
exit 3
