"""A database of another version is refused with nothing changed, whichever command meets it first."""

import contextlib
import sqlite3

import pytest

from tests.scale import sample_of, scaled

pytestmark = pytest.mark.runtime

# What earlier versions left behind: a migration this one does not have; tables that were written anew since.
OLD = {
    "a migration of before": "INSERT INTO django_migrations (app, name, applied)"
    " VALUES ('campaigns', '0002_guards', '2026-11-01')",
    "a column of before": "ALTER TABLE walks_walk RENAME COLUMN is_covert TO is_sealed",
    "a column no longer filled": "ALTER TABLE walks_walk ADD COLUMN weather varchar(10) NOT NULL DEFAULT ''",
    "a table of before": "ALTER TABLE plans_planevent RENAME TO campaigns_planevent",
}


@pytest.fixture(params=OLD)
def old_site(request, make_site):
    site = make_site()
    with contextlib.closing(sqlite3.connect(site.folder / "db.sqlite3")) as database, database:
        database.execute(OLD[request.param])
    return site


def content(site) -> list[str]:
    """Every statement it takes to build the database again."""
    with contextlib.closing(sqlite3.connect(site.folder / "db.sqlite3")) as database:
        return list(database.iterdump())


def test_an_old_database_is_refused_in_words_and_nothing_is_changed(old_site, request):
    before = content(old_site)
    # Which command asks does not depend on what is old about the database.
    commands = (["prepare", "--demo"], ["migrate"], ["up"])
    for command in sample_of(commands, scaled(1, 3), of=request.node.name):
        done = old_site.manage(*command)
        assert done.returncode == 1
        assert "数据库是另一版本建立的" in done.stderr
        assert "export_ledger" in done.stderr
        assert str(old_site.folder / "db.sqlite3") in done.stderr
        assert "Traceback" not in done.stderr
    assert content(old_site) == before


@pytest.mark.own_start
def test_no_database_and_one_of_this_version_are_taken(make_site):
    site = make_site()
    assert site.manage("migrate").returncode == 0
    (site.folder / "db.sqlite3").unlink()
    assert site.manage("migrate", "--verbosity", "0").returncode == 0
