"""The client of the documents does the main job through a running system: walk, signature by a person, problem,
measures, progress, figures, files."""

import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import openpyxl
import pytest
from django.utils import timezone

from tests.access.world import photo
from tests.cast import PASSWORD
from tests.runtime.site import BASE

pytestmark = pytest.mark.runtime

WORLD = """
import json
from tests.cast import _build
from tests.tokens import key_for
cast = _build()
keys = {name: key_for(cast.people[name]) for name in ("liaison", "office")}
print(json.dumps({"item": cast.item.pk, "walker": cast.principal.pk, "unit": cast.unit.pk, "keys": keys}))
"""


def client(site, key: str, *words: str) -> list[str]:
    """The lines the client prints; what it says where it fails."""
    environment = {**os.environ, "API_URL": site.url, "API_TOKEN": key}
    command = [sys.executable, str(BASE / "docs" / "api_client.py"), *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    return (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()


def sign(site, walk: str) -> None:
    """The principal signs the walk on its page."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def send(path: str, **fields: str) -> str:
        page = browser.open(f"{site.url}{path}", timeout=60).read().decode()
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        body = urllib.parse.urlencode(hidden | fields).encode()
        return browser.open(f"{site.url}{path}", body, timeout=60).read().decode()

    send("/login/", username="principal", password=PASSWORD)
    assert "已签字" in send(f"/walks/{walk}/sign/", password=PASSWORD)


def test_the_client_of_the_documents_does_the_main_job(lasting, tmp_path):
    made = lasting.manage("shell", "-v", "0", "-c", WORLD)
    assert made.returncode == 0, made.stderr
    today = timezone.localdate().isoformat()
    world = json.loads(made.stdout.splitlines()[-1])
    liaison, office = world["keys"]["liaison"], world["keys"]["office"]
    picture = tmp_path / "hall.jpg"
    picture.write_bytes(photo().read())
    (tmp_path / "visit.json").write_text(
        json.dumps(
            {
                "item": world["item"],
                "mode": "in_person",
                "walker": world["walker"],
                "steps": [{"stage": "consult", "note": "电话咨询一次说清", "photos": [str(picture)]}],
                "problems": [
                    {
                        "description": "窗口未一次性告知",
                        "stage": "consult",
                        "category": "业务办理",
                        "department": world["unit"],
                    }
                ],
                "facts": {"place": "县政务服务大厅"},
            }
        )
    )
    [walk] = client(lasting, liaison, "record", str(tmp_path / "visit.json"))
    assert "令牌不能代签" in client(lasting, liaison, "report", walk)[-1]
    sign(lasting, walk)
    [number] = client(lasting, liaison, "report", walk)
    assert number.startswith("QH2022")
    plan = {"measures": "修订一次性告知单", "responsible_name": "张三", "due_on": today}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert client(lasting, liaison, "plan", number, str(tmp_path / "plan.json")) == ["rectifying"]
    assert client(lasting, liaison, "progress", number, "已完成修订") == []
    files = client(lasting, office, "month", "QH2022", today[:7], str(tmp_path / "files"))
    assert [name[-5:] for name in files] == [".xlsx", ".xlsx"]
    rows = openpyxl.load_workbook(files[1], read_only=True).active.iter_rows(values_only=True)
    assert number in {cell for row in rows for cell in row}
