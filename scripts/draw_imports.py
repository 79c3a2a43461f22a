"""Draw docs/imports.svg: the apps along the import line, an arrow from each app to every app it imports.

    .venv/bin/python scripts/draw_imports.py [--check]

The order is that of the layers in pyproject.toml, the imports are read from the source by grimp; test modules and
migrations are left out. An import along the line is drawn above it, one against the line below it and in red. With
``--check`` nothing is written; exit status 1 when the file differs or an import runs against the line.
"""

import argparse
import sys
import tomllib
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "imports.svg"
BOX_WIDTH, BOX_HEIGHT, GAP, MARGIN, RISE = 104, 36, 26, 20, 13

Imports = set[tuple[str, str]]  # (the app that imports, the app that is imported)


def apps_in_order() -> list[str]:
    """The apps that exist, lowest first, as the layers of pyproject.toml name them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers")
    names = [layer.strip("()") for layer in reversed(layers)]
    return [name for name in names if (ROOT / name / "__init__.py").exists()]


def imports_between(apps: list[str]) -> Imports:
    """Which app imports which other one, in product code."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    graph = grimp.build_graph(*apps, cache_dir=None)
    found: Imports = set()
    for module in graph.modules:
        parts = module.split(".")
        if "tests" not in parts and "migrations" not in parts:
            imported = {other.split(".")[0] for other in graph.find_modules_directly_imported_by(module)}
            found |= {(parts[0], other) for other in imported if other != parts[0]}
    return found


def against_the_line(apps: list[str], imports: Imports) -> Imports:
    """Those of ``imports`` that go from a lower app to a higher one."""
    place = {name: number for number, name in enumerate(apps)}
    return {(one, other) for one, other in imports if place[one] < place[other]}


def picture(apps: list[str], imports: Imports) -> str:
    """The drawing as SVG text; the same imports always give the same text."""
    place = {name: number for number, name in enumerate(apps)}
    wrong = against_the_line(apps, imports)
    longest = max((abs(place[one] - place[other]) for one, other in imports), default=1)
    above = MARGIN + RISE * longest + 10
    below = (RISE * longest + 10 if wrong else 0) + MARGIN
    width = 2 * MARGIN + len(apps) * BOX_WIDTH + (len(apps) - 1) * GAP
    height = above + BOX_HEIGHT + below
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="14">',
        "<title>Imports between the apps</title>",
        f"<desc>{escape('; '.join(f'{one} imports {other}' for one, other in sorted(imports)))}</desc>",
        "<defs>",
        *(
            f'<marker id="{name}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            f'<path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
            for name, colour in (("down", "#1f5fbf"), ("up", "#c0392b"))
        ),
        "</defs>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for one, other in sorted(imports, key=lambda pair: (place[pair[0]], place[pair[1]])):
        lines.append(_arrow(place[one], place[other], above, wrong=(one, other) in wrong))
    lines += [_box(name, number, above) for number, name in enumerate(apps)]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _left(number: int) -> int:
    return MARGIN + number * (BOX_WIDTH + GAP)


def _box(name: str, number: int, top: int) -> str:
    x, middle = _left(number), _left(number) + BOX_WIDTH // 2
    return (
        f'<rect x="{x}" y="{top}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="5" fill="#eef3fb" stroke="#1f5fbf"/>'
        f'<text x="{middle}" y="{top + 23}" text-anchor="middle" fill="#1b2a41">{escape(name)}</text>'
    )


def _arrow(start: int, end: int, top: int, *, wrong: bool) -> str:
    """A straight arrow between neighbours, else a curve over the boxes between; below and red when ``wrong``."""
    style = 'fill="none" stroke="#c0392b" marker-end="url(#up)"' if wrong else 'fill="none" stroke="#1f5fbf"'
    if not wrong:
        style += ' marker-end="url(#down)"'
    if start - end == 1:
        y = top + BOX_HEIGHT // 2
        return f'<path d="M{_left(start)} {y}L{_left(end) + BOX_WIDTH} {y}" stroke-width="2" {style}/>'
    y = top + BOX_HEIGHT if wrong else top
    lift = RISE * abs(start - end) * (1 if wrong else -1)
    x1, x2 = _left(start) + BOX_WIDTH // 2 - 8, _left(end) + BOX_WIDTH // 2 + 8
    return f'<path d="M{x1} {y}C{x1} {y + lift * 4 // 3} {x2} {y + lift * 4 // 3} {x2} {y}" {style}/>'


def main() -> int:
    parser = argparse.ArgumentParser(description="Draw the imports between the apps.")
    parser.add_argument("--check", action="store_true", help="write nothing, say whether the picture is right")
    check = parser.parse_args().check
    apps = apps_in_order()
    imports = imports_between(apps)
    for one, other in sorted(against_the_line(apps, imports)):
        print(f"against the import line: {one} imports {other}", file=sys.stderr)
    text = picture(apps, imports)
    if not check:
        PICTURE.write_text(text, encoding="utf-8")
        print(PICTURE.relative_to(ROOT))
    elif not PICTURE.exists() or PICTURE.read_text(encoding="utf-8") != text:
        print(f"{PICTURE.relative_to(ROOT)} is stale: run make docs", file=sys.stderr)
        return 1
    return 1 if against_the_line(apps, imports) else 0


if __name__ == "__main__":
    sys.exit(main())
