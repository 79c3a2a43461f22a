"""Pictures of every page of a running server with demonstration data, at the widths people use.

    .venv/bin/python scripts/screenshots.py [--only NAME] [--width 360] [--out screenshots]

BASE_URL (default http://127.0.0.1:8000) must hold what ``manage.py demo`` makes; CHROMIUM names the browser. Each
picture prints one line: HTTP status, what sticks out sideways, what the console complained of. Exit status 1 on any of
these or on another status than expected. Nothing is changed on the server, except that one month is compiled again to
have a job to look at, one campaign is drafted to have its rules to look at, one of 2021 is issued and scored, one town
is abolished, and two people are imported whose roles wait.
"""

import argparse
import html
import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from shot_kinds import ISSUE, WALK, Shot
from shots import SHOTS

BASE_URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = os.environ.get("DEMO_PASSWORD", "Liucheng-2022")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
# Width, height, phone, large type. 360x740 is the phone the pages of a walker are designed for.
SIZES = {
    "360": (360, 740, True, False),
    "360-large": (360, 740, True, True),
    "768": (768, 1024, False, False),
    "1440": (1440, 900, False, False),
}
PAGES_AT_MOST = 160
FOLLOWED = re.compile(rf"^(/walks/|{WALK}/|{WALK}/complete/|/issues/|{ISSUE}/|/reports/.*|/plans/(?:\d+/)?)$")

# Elements that reach beyond the right edge of the page without a box of their own to scroll in.
OVERFLOW = """() => {
  const edge = document.documentElement.clientWidth;
  const scrolls = el => { for (let p = el.parentElement; p && p !== document.body; p = p.parentElement)
    if (/(auto|scroll|hidden)/.test(getComputedStyle(p).overflowX)) return true; return false; };
  const wide = [...document.querySelectorAll("body *")].filter(el => {
    const box = el.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && (box.right > edge + 1 || box.left < -1) && !scrolls(el);
  }).map(el => el.tagName.toLowerCase() + (typeof el.className === "string" ? "." + el.className : ""));
  if (document.documentElement.scrollWidth > edge + 1) wide.push("page " + document.documentElement.scrollWidth);
  return [...new Set(wide)];
}"""

HEIGHT = "document.documentElement.scrollHeight"
PICTURES = """() => Promise.all([...document.images].map(image => {
  image.loading = "eager";
  return image.decode().catch(() => {});
}))"""


class Site:
    """One person's browser. ``find`` follows links from the first pages until one fits."""

    def __init__(self, browser: Browser, persona: str, size: tuple):
        width, height, phone, large = size
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, is_mobile=phone, has_touch=phone, base_url=BASE_URL
        )
        if large:
            self.context.add_cookies([{"name": "text_size", "value": "large", "url": BASE_URL}])
        if persona:
            page = self.context.new_page()
            page.goto("/login/")
            page.get_by_label("用户名").fill(persona)
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录", exact=True).click()
            page.wait_for_url(lambda url: "/login/" not in url)
            page.close()


class Finder:
    """Reads pages as one person and remembers their links, so that each address is looked for once."""

    def __init__(self, site: Site):
        self.request = site.context.request
        self.waiting = ["/", "/walks/", "/issues/", "/reports/", "/campaigns/", "/plans/"]
        self.read: set[str] = set()
        self.links: dict[str, None] = {}

    def find(self, pattern: str, start: str = "") -> str | None:
        """The first link whose path fits ``pattern``, on the page ``start`` or anywhere within reach."""
        fits = re.compile(pattern)
        if start:
            return next((link for link in self._links_of(start) if fits.fullmatch(urlsplit(link).path)), None)
        done = 0
        while True:
            links = list(self.links)
            for link in links[done:]:
                if fits.fullmatch(urlsplit(link).path):
                    return link
            done = len(links)
            if not self.waiting or len(self.read) >= PAGES_AT_MOST:
                return None
            for link in self._links_of(self.waiting.pop(0)):
                if link not in self.links:
                    self.links[link] = None
                    self._queue(link)

    def _queue(self, link: str) -> None:
        path = urlsplit(link).path
        listed = path in ("/walks/", "/issues/") and "tab=" in link and "sort=" not in link and "state=" not in link
        fresh = (listed and link not in self.read) or path not in {urlsplit(url).path for url in self.waiting}
        if fresh and (listed or path not in self.read) and FOLLOWED.match(path):
            self.waiting.append(link)

    def _links_of(self, url: str) -> list[str]:
        self.read |= {url, urlsplit(url).path}
        answer = self.request.get(url)
        if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            return []
        return [html.unescape(link).partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', answer.text())]


# --- the run ----------------------------------------------------------------------------------


class Camera:
    """Takes the pictures of one size, one signed-in browser per person; ``addresses`` found are kept for the next."""

    def __init__(self, browser: Browser, size: str, out: Path, addresses: dict[str, str | None]):
        self.browser, self.size, self.out, self.addresses = browser, size, out, addresses
        self.sites: dict[str, Site] = {}
        self.finders: dict[str, Finder] = {}

    def site(self, persona: str) -> Site:
        if persona not in self.sites:
            self.sites[persona] = Site(self.browser, persona, SIZES[self.size])
        return self.sites[persona]

    def address(self, shot: Shot) -> str | None:
        if shot.path:
            return shot.path
        if shot.name not in self.addresses:
            finder = self.finders.setdefault(shot.who, Finder(self.site(shot.who)))
            found = finder.find(shot.link, shot.start)
            self.addresses[shot.name] = urlsplit(found).path + shot.then if found and shot.then else found
        return self.addresses[shot.name]

    def take(self, shot: Shot) -> bool:
        """Take one picture and print its line; True when nothing is wrong with the page."""
        try:
            address = self.address(shot)
            status, faults = self._picture(shot, address) if address else ("---", [f"no such link for {shot.who}"])
        except Error as error:
            status, faults = "---", [error.message.splitlines()[0]]
        print(f"{self.size:>9}  {shot.name:<24} {status}  {'; '.join(faults) or 'ok'}", flush=True)
        return not faults

    def _picture(self, shot: Shot, address: str) -> tuple[int, list[str]]:
        page = self.site(shot.who).context.new_page()
        answers, complaints = [], []
        page.on("response", lambda answer: answers.append(answer) if _is_page(answer, page) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        try:
            page.goto(address, wait_until="load")
            if shot.do:
                shot.do(page)
            page.wait_for_timeout(150)
            wide = page.evaluate(OVERFLOW)
            # As high as the page is: the bars fixed to the foot of the screen then stand at the foot of the picture.
            page.set_viewport_size({"width": SIZES[self.size][0], "height": page.evaluate(HEIGHT)})
            page.evaluate(PICTURES)
            page.screenshot(path=self.out / f"{shot.name}-{self.size}.png", full_page=True)
        finally:
            page.close()
        status = answers[-1].status
        # The browser itself complains of every answer that is not 2xx; the expected one is no fault.
        complaints = [text for text in complaints if f"status of {shot.status} " not in text]
        faults = [f"expected {shot.status}"] if status != shot.status else []
        faults += [f"overflow: {', '.join(wide[:4])}"] if wide else []
        faults += [f"console: {' | '.join(complaints)}"] if complaints else []
        return status, faults

    def close(self) -> None:
        for site in self.sites.values():
            site.context.close()


def _is_page(answer, page: Page) -> bool:
    return answer.request.is_navigation_request() and answer.frame == page.main_frame and answer.status // 100 != 3


def main() -> int:
    parser = argparse.ArgumentParser(description="Pictures of every page, at every width.")
    parser.add_argument("--only", default="", help="pictures whose name contains this")
    parser.add_argument("--width", default="", choices=("", *SIZES))
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    chosen = [shot for shot in SHOTS if options.only in shot.name]
    faults = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        addresses: dict[str, str | None] = {}
        for size in [options.width] if options.width else SIZES:
            camera = Camera(browser, size, options.out, addresses)
            faults += sum(not camera.take(shot) for shot in chosen)
            camera.close()
        browser.close()
    print(f"{len(chosen)} pages, {faults} with faults, pictures in {options.out}/", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
