"""帮助: every page leads to the section that speaks of it; the manual is searched; nothing in it leads nowhere."""

import re
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from accounts.enums import Role
from manual.domain import places
from manual.domain.pages import FOLDER, conventions, pages, search, section_of
from tests.access.table import POLICY
from tests.access.test_matrix import routes

LEADS = re.compile(r'href="([^"]+)"')
SHOWS = re.compile(rf'src="{settings.STATIC_URL}([^"]+)"')
SHOWN = re.compile(r"\(pictures/([\w-]+)\.webp\)")
TAKEN = re.compile(r'^    "([\w-]+)": \((?:PHONE|DESK), \d+\),$', re.MULTILINE)
# Nobody reads a page there: files, signs of life, what is public, and where somebody is sent on.
NO_PAGE = {"healthz", "readyz", "file", "file_thumb", "login", "logout", "home", "notices", "notices_read", "help"}
NO_PAGE |= {"help_page", "job", "job_cancel", "job_file", "job_status", "notices_export", "contacts", "contacts_unmask"}
# About the product itself.
NO_PAGE |= {"suggestions", "suggestions_export", "suggestion", "suggestion_add"}
# A button.
NO_PAGE |= {"delivery_again", "token_end"}


def test_every_file_of_the_folder_is_listed_and_every_listed_one_is_there():
    assert {path.stem for path in FOLDER.glob("*.md")} - {"README"} == set(pages())


def test_each_place_is_a_heading_of_the_manual():
    assert all(section_of(*place).text for place in places.PLACES.values())


def test_every_page_has_its_section():
    shown = {name for name in routes() if not name.startswith(("api", "public_page", "public_file"))}
    assert {name for name in shown - NO_PAGE if places.section_for(name) is None} == set()
    known = {key.split(":")[0] for key in POLICY}
    assert {
        name for name in places.PLACES if not any(one == name or one.startswith(f"{name}_") for one in known)
    } == set()


def test_links_and_pictures_lead_somewhere():
    anchors = {
        reverse("help_page", args=[slug]): {one.anchor for one in page.sections} for slug, page in pages().items()
    }
    html = conventions() + "".join(section.html for page in pages().values() for section in page.sections)
    for link in LEADS.findall(html):
        path, _, anchor = link.partition("#")
        assert path in anchors, link
        assert not anchor or anchor in anchors[path], link
    for picture in SHOWS.findall(html):
        assert finders.find(picture), picture


def test_each_picture_is_shown_and_taken_by_the_script():
    shown = {name for page in FOLDER.glob("*.md") for name in SHOWN.findall(page.read_text(encoding="utf-8"))}
    taken = set(TAKEN.findall(Path(settings.BASE_DIR, "scripts", "manual_pictures.py").read_text(encoding="utf-8")))
    assert shown == taken == {path.stem for path in FOLDER.glob("pictures/*")}


def test_a_search_finds_sections_that_hold_every_word_whatever_their_width():
    found = search("暗访　知情人")
    assert [one.section.title for one in found] == ["暗访"]
    assert "知情人" in found[0].excerpt or "暗访" in found[0].excerpt
    assert search("没有这样的词") == search(" ") == []


@pytest.mark.django_db
def test_each_page_links_to_its_section_and_the_contents_begin_with_the_readers_own(client, cast):
    client.force_login(cast.liaison)
    path, _, anchor = section_of("office", "查找、筛选与导出").url.partition("#")
    assert f'href="{path}?from=issues#{anchor}"' in client.get(reverse("issues")).text
    answer = client.get(reverse("help"))
    assert [page.slug for page in answer.context["own"]] == ["unit", "plan"]
    assert "通用约定" in answer.text
    told = client.get(reverse("help"), {"q": "13912345678 延期"}).text
    assert "13912345678" not in told


@pytest.mark.django_db
def test_a_page_shows_its_sections_and_an_unknown_one_is_absent(client, cast, django_assert_num_queries):
    client.force_login(cast.supervisor)
    text = client.get(reverse("help_page", args=["walk"])).text
    for section in pages()["walk"].sections:
        assert f'id="{section.anchor}"' in text
    assert client.get(reverse("help_page", args=["README"])).status_code == 404


def test_every_role_has_its_pages():
    assert set(places.ROLE_PAGES) == set(Role)
    assert {slug for slugs in places.ROLE_PAGES.values() for slug in slugs} <= set(pages())
    assert Path(FOLDER, "README.md").exists()


def test_a_heading_is_found_before_the_static_files_are_collected():
    pages.cache_clear()
    with patch("manual.domain.pages.static", side_effect=AssertionError):
        assert places.section_for("walks").title == "开始：点两下"
