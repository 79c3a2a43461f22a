import shutil
import signal
from collections.abc import Iterator

import pytest

from core import broker_state
from tests.database import SHARED, one_at_a_time
from tests.runtime.site import Site


@pytest.fixture(scope="session")
def migrated():
    """A folder with an empty database of all tables and the static files, made once by the product's own commands."""
    folder, done = SHARED / "site", SHARED / "site.made"
    with one_at_a_time():
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            build(Site(folder))
            done.touch()
    return folder


def build(site):
    for command in ("migrate", "prepare"):
        done = site.manage(command, "--verbosity", "0")
        assert done.returncode == 0, done.stderr
        if command == "migrate":
            shutil.copy(site.folder / "db.sqlite3", site.folder / "empty.sqlite3")


@pytest.fixture
def make_site(tmp_path, migrated):
    """Call it for a site with an empty database, by default in a folder named "var"; ends what was started."""
    made = []

    def make(name="var", **environment):
        made.append(new_site(tmp_path / name, migrated, **environment))
        return made[-1]

    yield make
    for site in made:
        end(site)


@pytest.fixture
def running(make_site):
    """A site that answers, for one test to stop."""
    site = make_site()
    site.start()
    return site


@pytest.fixture(scope="module")
def lasting(tmp_path_factory, migrated):
    """A site that answers, shared by tests that leave it running."""
    site = new_site(tmp_path_factory.mktemp("lasting") / "var", migrated)
    site.start()
    yield site
    end(site)


def new_site(folder, migrated, **environment):
    site = Site(folder, **environment)
    folder.mkdir(parents=True)
    shutil.copy(migrated / "empty.sqlite3", folder / "db.sqlite3")
    shutil.copytree(migrated / "static", folder / "static")
    (folder / "run").mkdir(mode=0o700)
    shutil.copy(migrated / "run" / "static.sha256", folder / "run")
    return site


def end(site):
    if site.process and site.process.poll() is None:
        site.stop(signal.SIGKILL)


@pytest.fixture
def asked_anew(monkeypatch, broker) -> Iterator[None]:
    """What was known of the broker, and what it holds, is forgotten before and afterwards."""
    monkeypatch.setattr(broker_state, "_last", (float("-inf"), True))
    broker.flushall()
    yield
    broker.flushall()
