"""Print .env.example with random keys filled in."""

import re
import secrets
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / ".env.example"

text = EXAMPLE.read_text(encoding="utf-8")
print(re.sub(r"^(\w+_KEY)=$", lambda line: f"{line[1]}={secrets.token_urlsafe(48)}", text, flags=re.M), end="")
