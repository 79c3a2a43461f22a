"""The pictures of the manual (docs/manual/pictures), taken anew from a running server with demonstration data.

    make run                # in one terminal
    make pictures           # in another

As scripts/screenshots.py: BASE_URL and CHROMIUM are read, and the pages are those of scripts/shots.py. Exit status 1
when a page is not as expected; the pictures there are stay.
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from screenshots import CHROMIUM, FLAGS, Camera
from shots import SHOTS

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "manual" / "pictures"
# On which size of screen a page is shown, and how much of it, in pixels from the top.
PHONE, DESK = "360", "1440"
PICTURES: dict[str, tuple[str, int]] = {
    "walk-start": (PHONE, 720),
    "walk-open": (PHONE, 720),
    "problem-add": (PHONE, 720),
    "walk-act-sign": (PHONE, 720),
    "covert-add": (PHONE, 720),
    "complete": (DESK, 800),
    "issue-unit": (DESK, 800),
    "act-plan-open": (DESK, 800),
    "submissions-unit": (DESK, 700),
    "plan-edit": (DESK, 700),
    "home-tongchou": (DESK, 800),
    "ledger": (DESK, 800),
    "bulk-assign": (DESK, 700),
    "slip-proposals": (DESK, 600),
    "enquiries": (DESK, 500),
    "own-ledger-preview": (DESK, 800),
    "report": (DESK, 900),
    "publish": (DESK, 800),
    "campaign-new-templates": (DESK, 700),
    "campaign-tongchou": (DESK, 900),
    "board": (DESK, 700),
    "hotline": (DESK, 600),
    "overview": (DESK, 900),
    "people": (DESK, 600),
    "roles": (DESK, 500),
    "system": (DESK, 800),
    "audit": (DESK, 700),
}
# Sharp enough to be read, small enough for a slow line.
QUALITY, METHOD = 72, 6


def main() -> int:
    shots = {shot.name: shot for shot in SHOTS}
    faults = [f"no such page in scripts/shots.py: {name}" for name in PICTURES if name not in shots]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        cameras = {size: Camera(browser, size, Path(folder), {}) for size in (PHONE, DESK)}
        for name, (size, _) in PICTURES.items():
            if name in shots and not cameras[size].take(shots[name]):
                faults.append(name)
        browser.close()
        if not faults:
            FOLDER.mkdir(exist_ok=True)
            for name, (size, height) in PICTURES.items():
                _keep(Path(folder, f"{name}-{size}.png"), height)
    print("\n".join(faults) or f"{len(PICTURES)} pictures in {FOLDER}", flush=True)
    return 1 if faults else 0


def _keep(source: Path, height: int) -> None:
    with Image.open(source) as image:
        shown = image.convert("RGB").crop((0, 0, image.width, min(image.height, height)))
        shown.save(FOLDER / f"{source.stem.rpartition('-')[0]}.webp", quality=QUALITY, method=METHOD)


if __name__ == "__main__":
    sys.exit(main())
