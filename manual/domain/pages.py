"""The manual (docs/manual/*.md) as pages: read once a process, each section by itself, searched by its words."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import slugify
from markdown_it import MarkdownIt

from core.text import normalize_text

FOLDER = Path(settings.BASE_DIR, "docs", "manual")
# Its table lists the pages in order, and for whom each is.
CONTENTS = "README.md"
LISTED = re.compile(r"^\| (?P<readers>[^|]+) \| \[(?P<title>[^\]]+)\]\((?P<slug>\w+)\.md\) \|$", re.MULTILINE)
LINK = re.compile(r'href="(?P<slug>\w+)\.md(?P<anchor>#[^"]*)?"')
PICTURE = re.compile(r'src="pictures/(?P<name>[\w-]+\.webp)"')
# A document that is no page: its name is enough.
OUTSIDE = re.compile(r'<a href="\.\./[^"]*">(?P<name>[^<]*)</a>')
# The files are broken at 120 characters, which means nothing between two Chinese ones.
BROKEN = re.compile(r"([^\x00-\x7f])\n *(?=[^\x00-\x7f])")
TAG = re.compile(r"<[^>]+>")
# Characters around the first word found.
AROUND = 40


@dataclass(frozen=True)
class ManualSection:
    """What stands under one heading of a page; the first one of a page, before any heading, has no ``anchor``."""

    slug: str
    page_title: str
    title: str
    anchor: str
    body: str

    @cached_property
    def html(self) -> str:
        """Made when it is first shown: before that, nothing asks for the addresses of pictures."""
        return _html(self.body)

    @property
    def url(self) -> str:
        return reverse("help_page", args=[self.slug]) + (f"#{self.anchor}" if self.anchor else "")

    @cached_property
    def text(self) -> str:
        return " ".join(TAG.sub("", self.html).split())

    @cached_property
    def search_text(self) -> str:
        return normalize_text(f"{self.page_title} {self.title} {self.text}")


@dataclass(frozen=True)
class ManualPage:
    """``readers``: for whom it is, as the table of contents says; ``sections`` in order."""

    slug: str
    title: str
    readers: str
    sections: tuple[ManualSection, ...]


@dataclass(frozen=True)
class Excerpt:
    """A section that holds every word looked for, and a piece of its text around the first of them."""

    section: ManualSection
    excerpt: str


@lru_cache(maxsize=1)
def pages() -> dict[str, ManualPage]:
    """{slug: page}, in the order of the table of contents. OSError when the folder is not there."""
    listed = LISTED.finditer((FOLDER / CONTENTS).read_text(encoding="utf-8"))
    return {one["slug"]: _page(one["slug"], one["title"], one["readers"]) for one in listed}


@lru_cache(maxsize=1)
def conventions() -> str:
    """What holds on every page, as HTML: the part of the table of contents that follows the table."""
    text = (FOLDER / CONTENTS).read_text(encoding="utf-8")
    return _html(text[[*LISTED.finditer(text)][-1].end() :])


def section_of(slug: str, title: str) -> ManualSection:
    """The section under that heading. KeyError when the page or the heading is not there."""
    found = {section.title: section for section in pages()[slug].sections}
    return found[title]


def search(words: str) -> list[Excerpt]:
    """Sections that hold every word, in the order of the manual; width, case and kind of bracket make no difference."""
    wanted = normalize_text(words).split()
    if not wanted:
        return []
    sections = (section for page in pages().values() for section in page.sections)
    return [
        Excerpt(section, _excerpt(section.text, wanted))
        for section in sections
        if all(word in section.search_text for word in wanted)
    ]


def _excerpt(text: str, words: list[str]) -> str:
    lowered = text.lower()
    first = min((place for word in words if (place := lowered.find(word)) >= 0), default=0)
    start, end = max(0, first - AROUND), first + AROUND * 2
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _page(slug: str, title: str, readers: str) -> ManualPage:
    text = (FOLDER / f"{slug}.md").read_text(encoding="utf-8")
    head, *rest = (part.partition("\n") for part in re.split(r"^## ", text, flags=re.MULTILINE))
    # What stands before the first heading has the title of the page above it, and none of its own.
    parts = [("", head[2]), *((heading.strip(), body) for heading, _, body in rest)]
    sections = (_section(slug, title, heading, body) for heading, body in parts if body.strip())
    return ManualPage(slug, title, readers, tuple(sections))


def _section(slug: str, page_title: str, title: str, body: str) -> ManualSection:
    return ManualSection(slug, page_title, title, slugify(title, allow_unicode=True), body)


def _html(text: str) -> str:
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(BROKEN.sub(r"\1", text))
    html = OUTSIDE.sub(lambda link: link["name"], html)
    html = LINK.sub(lambda link: f'href="{reverse("help_page", args=[link["slug"]])}{link["anchor"] or ""}"', html)
    return PICTURE.sub(lambda picture: f'src="{static("manual/" + picture["name"])}" loading="lazy"', html)
