"""Print .env.example with random keys filled in: `new_env.py [VAR_DIR]`.

VAR_DIR stands in .env, not with the service alone: a command that somebody runs by hand then works on the same data.
"""

import re
import secrets
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / ".env.example"

text = EXAMPLE.read_text(encoding="utf-8")
if len(sys.argv) > 1:
    text = text.replace("#VAR_DIR=\n", f"VAR_DIR={sys.argv[1]}\n")
print(re.sub(r"^(\w+_KEY)=$", lambda line: f"{line[1]}={secrets.token_urlsafe(48)}", text, flags=re.M), end="")
