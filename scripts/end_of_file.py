"""Name each text file given that does not end with exactly one line break or has blanks at the end of a line."""

import sys
from pathlib import Path


def complaint(path: Path) -> str:
    """What is wrong with ``path``, or nothing; a file that is not text is right."""
    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, IsADirectoryError):
        return ""
    if text and (not text.endswith("\n") or text.endswith("\n\n")):
        return "must end with one line break"
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if line != line.rstrip(" \t\r")]
    return f"blanks at the end of line {lines[0]}" if lines else ""


def main(names: list[str]) -> int:
    wrong = [(name, found) for name in names if (found := complaint(Path(name)))]
    for name, found in wrong:
        print(f"{name}: {found}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
