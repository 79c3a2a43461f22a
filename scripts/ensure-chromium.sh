#!/bin/sh
# Print the path of Chromium once it and a Chinese font are here: installed when root, else the command is
# named on standard error. Exit status 3: still missing.
set -eu

find_chromium() {
    for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$candidate" ] && command -v "$candidate"; then
            return
        fi
    done
    return 1
}

has_font() {
    ls /usr/share/fonts/opentype/noto/Noto*CJK* >/dev/null 2>&1 ||
        { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }
}

packages="chromium fonts-noto-cjk"
if ! { find_chromium >/dev/null && has_font; } && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "安装浏览器和中文字体（$packages）……" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages; } >&2 || true
fi
if has_font && find_chromium; then
    exit 0
fi
echo "缺少浏览器或中文字体，请执行：sudo apt-get install -y $packages" >&2
exit 3
