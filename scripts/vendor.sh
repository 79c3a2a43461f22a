#!/bin/sh
# Rebuild static/vendor from the npm packages named below; run by hand when a version or scripts/icons.txt changes.
# Needs npm, tar and python3. The result is committed, so running the product needs none of this.
set -eu
cd "$(dirname "$0")/.."

BOOTSTRAP=5.3.9
ICONS=1.13.2
COMPRESSOR=1.3.0
ECHARTS=5.6.0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() { # package version
    (cd "$work" && npm pack --silent "$1@$2" >/dev/null && mkdir "$1" && tar xzf "$1-$2.tgz" -C "$1" --strip-components=1)
    mkdir -p "static/vendor/$1"
    cp "$work/$1/LICENSE" "static/vendor/$1/LICENSE"
    # What the Apache licence asks to be passed on.
    [ ! -e "$work/$1/NOTICE" ] || cp "$work/$1/NOTICE" "static/vendor/$1/NOTICE"
}

fetch bootstrap "$BOOTSTRAP"
fetch bootstrap-icons "$ICONS"
fetch compressorjs "$COMPRESSOR"
fetch echarts "$ECHARTS"

# The source map is not vendored, and the hashed-name storage refuses a reference to a missing file.
sed '/^\/\*# sourceMappingURL=/d' "$work/bootstrap/dist/css/bootstrap.min.css" >static/vendor/bootstrap/bootstrap.min.css
cp "$work/compressorjs/dist/compressor.min.js" static/vendor/compressorjs/compressor.min.js
cp "$work/echarts/dist/echarts.simple.min.js" static/vendor/echarts/echarts.simple.min.js

ICON_DIR="$work/bootstrap-icons/icons" BOOTSTRAP=$BOOTSTRAP ICONS=$ICONS COMPRESSOR=$COMPRESSOR ECHARTS=$ECHARTS python3 - <<'PY'
import hashlib
import os
import re
from pathlib import Path

vendor = Path("static/vendor")
icons = Path(os.environ["ICON_DIR"])
names = sorted(set(Path("scripts/icons.txt").read_text().split()))
symbols = []
for name in names:
    body = re.search(r"<svg[^>]*>(.*)</svg>", (icons / f"{name}.svg").read_text(), re.S).group(1)
    symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{" ".join(body.split())}</symbol>')
sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
(vendor / "bootstrap-icons" / "icons.svg").write_text(sprite)

packages = {
    "bootstrap": (os.environ["BOOTSTRAP"], "style sheet only, source map comment removed"),
    "bootstrap-icons": (os.environ["ICONS"], "one sprite of the icons in `scripts/icons.txt`"),
    "compressorjs": (os.environ["COMPRESSOR"], "shrinks photos on the phone"),
    "echarts": (os.environ["ECHARTS"], "the charts of the overview; the build with lines, bars and pies alone"),
}
licences = {"echarts": "Apache-2.0"}
lines = [
    "# Vendored assets",
    "",
    "Written by `scripts/vendor.sh`; do not edit by hand. `core/tests/test_vendor_assets.py` verifies the hashes.",
    "",
    "| File | Package | Version | Licence | SHA-256 |",
    "|---|---|---|---|---|",
]
for package, (version, _) in packages.items():
    for path in sorted((vendor / package).iterdir()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"| {path.relative_to(vendor)} | {package} | {version} | {licences.get(package, 'MIT')} | `{digest}` |")
lines += ["", "What each is here for:", ""]
lines += [f"- {package}: {why}" for package, (_, why) in packages.items()]
(vendor / "README.md").write_text("\n".join(lines) + "\n")
PY
