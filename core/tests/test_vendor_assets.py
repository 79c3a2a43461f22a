"""static/vendor is what its README says: version, licence and hash of every file, and nothing that is not listed."""

import hashlib
import re

import pytest
from django.conf import settings

VENDOR = settings.BASE_DIR / "static" / "vendor"
README = (VENDOR / "README.md").read_text(encoding="utf-8")
SCRIPT = (settings.BASE_DIR / "scripts" / "vendor.sh").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| (?P<file>\S+/\S+) \| (?P<package>\S+) \| (?P<version>[\d.]+) \| (?P<licence>[\w.-]+) \| "
    r"`(?P<sha>\w{64})` \|$",
    re.M,
)
LISTED = {row["file"]: row.groupdict() for row in ROW.finditer(README)}


def test_every_file_is_listed_and_every_listed_file_is_there():
    there = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} - {"README.md"}
    assert set(LISTED) == there


@pytest.mark.parametrize("name", sorted(LISTED))
def test_a_file_is_what_was_vendored(name):
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == LISTED[name]["sha"]


def test_every_package_comes_with_its_licence_text():
    packages = {row["package"] for row in LISTED.values()}
    assert {name for name in LISTED if name.endswith("/LICENSE")} == {f"{package}/LICENSE" for package in packages}


def test_a_package_has_one_version_and_it_is_the_one_the_script_fetches():
    versions = {(row["package"], row["version"]) for row in LISTED.values()}
    fetched = dict(re.findall(r'^fetch (\S+) "\$(\w+)"$', SCRIPT, re.M))
    assert versions == {
        (package, re.search(rf"^{variable}=(\S+)$", SCRIPT, re.M)[1]) for package, variable in fetched.items()
    }


def test_the_sprite_holds_exactly_the_icons_asked_for():
    sprite = (VENDOR / "bootstrap-icons" / "icons.svg").read_text(encoding="utf-8")
    wanted = (settings.BASE_DIR / "scripts" / "icons.txt").read_text(encoding="utf-8").split()
    assert re.findall(r'<symbol id="([\w-]+)"', sprite) == sorted(set(wanted))
