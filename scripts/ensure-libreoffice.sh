#!/bin/sh
# Print the path of LibreOffice once it, the tools that read a PDF and a Chinese font are here: installed when root,
# else the command is named on standard error. Exit status 3: still missing.
set -eu

find_office() {
    for candidate in "${SOFFICE:-}" soffice libreoffice; do
        if [ -n "$candidate" ] && command -v "$candidate"; then
            return
        fi
    done
    return 1
}

has_rest() {
    command -v pdftotext >/dev/null && command -v pdftohtml >/dev/null && {
        ls /usr/share/fonts/opentype/noto/Noto*CJK* >/dev/null 2>&1 ||
            { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }
    }
}

# Without a display: no part of a desktop is installed.
packages="libreoffice-calc-nogui libreoffice-writer-nogui poppler-utils fonts-liberation fonts-noto-cjk"
if ! { find_office >/dev/null && has_rest; } && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "安装 LibreOffice 和中文字体（$packages）……" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages; } >&2 || true
fi
if has_rest && find_office; then
    exit 0
fi
echo "缺少 LibreOffice 或中文字体，请执行：sudo apt-get install -y $packages" >&2
exit 3
