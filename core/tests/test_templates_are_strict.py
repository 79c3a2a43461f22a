"""What the strict content policy and the closed network demand of templates, style sheets and scripts."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

ROOT = settings.BASE_DIR
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static" / "css").rglob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
# What Chromium 86 does not know: it drops the whole rule, or the whole sheet.
TOO_NEW = (":has(", "oklch", "oklab", "color-mix", "@container", "@layer", "aspect-ratio", "inset:", "dvh", "svh")
# A font is what the machine has; nothing is fetched from elsewhere.
OUTSIDE = re.compile(r"(?:https?:)?//[\w.-]+\.\w|@import|@font-face")


def name(path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_holds_no_inline_style_script_or_handler(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", text) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", text) if " src=" not in tag] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_static_file_a_template_names_exists(path):
    text = path.read_text(encoding="utf-8")
    names = re.findall(r"""{%\s*static\s+['"]([^'"]+)['"]""", text)
    assert len(names) == len(re.findall(r"{%\s*static\s", text))
    assert [file for file in names if finders.find(file) is None] == []


@pytest.mark.parametrize("path", [*TEMPLATES, *SHEETS, *SCRIPTS], ids=name)
def test_nothing_is_fetched_from_outside(path):
    assert OUTSIDE.findall(path.read_text(encoding="utf-8")) == []


def test_the_vendored_style_sheet_fetches_nothing_either():
    text = (ROOT / "static/vendor/bootstrap/bootstrap.min.css").read_text(encoding="utf-8")
    assert [url for url in re.findall(r"url\(([^)]*)\)", text) if not url.strip("\"'").startswith("data:")] == []
    assert "@import" not in text


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_a_style_sheet_keeps_to_what_chromium_86_knows(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert [word for word in TOO_NEW if word in text] == []
    inside = re.sub(r"@(?:media|page)[^{]*", "", text)
    assert re.findall(r"[;{]\s*&", inside) == []


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_a_class_of_a_style_sheet_is_used_somewhere(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    classes = set(re.findall(r"\.([a-z][\w-]*)(?=[^{}]*\{)", text))
    places = [*TEMPLATES, *SCRIPTS, *ROOT.glob("*/templatetags/*.py"), *ROOT.glob("*/forms/*.py"), *ROOT.glob("*/*.py")]
    used = "\n".join(place.read_text(encoding="utf-8") for place in places)
    made = {f"{stem}-{tone}" for stem in STEMS for tone in TONES}
    assert sorted(css for css in classes - made if not re.search(rf"(?<![\w-]){css}(?![\w-])", used)) == []


STEMS = ("tag", "notice", "stat", "tl", "count", "field", "progress", "tone")
TONES = ("neutral", "info", "warn", "danger", "success", "muted", "chips", "tiles", "inline", "photos")


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_needs_no_eval_and_writes_no_markup(path):
    assert (
        re.findall(
            r"\beval\(|new Function|innerHTML|outerHTML|document\.write|insertAdjacentHTML",
            path.read_text(encoding="utf-8"),
        )
        == []
    )
