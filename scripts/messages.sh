#!/bin/sh
# Compile locale/**/*.po; run by hand when one of them changes. Needs msgfmt (Debian: gettext). The result is committed,
# so running the product needs none of this.
set -eu
cd "$(dirname "$0")/.."

find locale -name '*.po' | while read -r source; do
    msgfmt --check-format -o "${source%.po}.mo" "$source"
done
