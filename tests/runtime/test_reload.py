"""`manage.py up --reload`, the way of `make dev`."""

from pathlib import Path

import pytest

from tests.plugin import wait_until
from tests.runtime.site import BASE

pytestmark = pytest.mark.runtime


def servers(site) -> set[int]:
    return {pid for pid, line in site.processes().items() if "runserver" in line}


@pytest.mark.own_start
def test_a_changed_module_starts_the_web_again_and_nothing_else(make_site):
    site = make_site(DEBUG="true")
    site.start("--reload")
    assert site.get("/static/css/base.css")[0] == 200
    others, before = set(site.processes()) - servers(site), servers(site)

    def is_new() -> bool:
        # Changed anew each time: what is changed before the server first looked at the modules, it does not notice.
        Path(BASE, "walkthrough", "urls.py").touch()
        return len(servers(site)) == 2 and servers(site) != before

    wait_until(is_new, seconds=60)
    wait_until(lambda: site.ok("database"), seconds=30)
    assert others <= set(site.processes())
    assert site.stop() == 0
    assert site.processes() == {}


def test_reload_without_debug_is_refused(make_site):
    refused = make_site().manage("up", "--reload")
    assert refused.returncode == 1
    assert "make dev" in refused.stderr
