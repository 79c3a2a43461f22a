"""One version number: walkthrough.__version__. What repeats it says the same."""

import re
from datetime import date

from tests.architecture.imports import ROOT
from walkthrough import __version__


def test_the_newest_dated_entry_of_the_changelog_is_this_version():
    entries = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\S+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert entries[0][0] == __version__
    days = [date.fromisoformat(day) for _, day in entries]
    assert days == sorted(days, reverse=True)


def test_publiccode_names_this_version_and_its_day():
    text = (ROOT / "publiccode.yml").read_text("utf-8")
    [day] = re.findall(rf"^## \[{re.escape(__version__)}\] - (\S+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert f'softwareVersion: "{__version__}"\n' in text
    assert f'releaseDate: "{day}"\n' in text
