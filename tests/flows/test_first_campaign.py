"""docs/manual/admin.md, 首次启动: from an empty system to the first issued campaign, step by step, on pages alone."""

import re

import pytest
from django.conf import settings
from django.test import Client

from accounts.domain.first_start import new_code
from accounts.models import Membership, User
from campaigns.models import Campaign, RosterEntry
from campaigns.tests.setup_page import press
from catalogue.models import ServiceItem
from core.idempotency import new_key
from core.tests.tables import confirm, send
from tests.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
DATA = settings.BASE_DIR / "data" / "demo"
SHOWN = re.compile(r"\w{5}-\w{5}-\w{5}-Z9a")
OWN = "Qingshan-2022"
ADMINS = (("system", "赵一", "sys"), ("security", "钱二", "sec"), ("audit", "孙三", "aud"))


def table(name: str) -> str:
    return (DATA / f"{name}.csv").read_text(encoding="utf-8-sig")


def signed_in(username: str, password: str) -> Client:
    """Somebody's browser: the first sign-in with the one-time password, which is changed at once."""
    client = Client()
    assert client.post("/login/", {"username": username, "password": password}).status_code == 302
    sent = {"old_password": password, "new_password1": OWN, "new_password2": OWN}
    assert client.post("/password/", sent).status_code == 302
    return client


def imported(client: Client, url: str, name: str, **fields: str) -> None:
    shown = send(client, url, table(name), **fields)
    assert shown.status_code == 200
    assert "导入完成" in confirm(client, shown).text


def test_an_empty_system_issues_its_first_campaign_in_fourteen_steps(client):
    sent = {
        f"{who}_{part}": value for who, name, login in ADMINS for part, value in (("name", name), ("username", login))
    }
    sent |= {"places": "云岭市 > 青禾县", "office": "县营商办", "office_place": "青禾县", "code": new_code()}
    system, security, _ = SHOWN.findall(client.post("/start/", sent).text)

    sysadmin = signed_in("sys", system)
    imported(sysadmin, "/units/import/", "units-qinghe", region="青禾县")
    imported(sysadmin, "/people/import/", "people-qinghe", region="青禾县")
    given = sysadmin.post("/people/passwords/", {"password": OWN, "idempotency_key": new_key()})
    rows = re.findall(r"用户名\">([\w.]+)</td><td data-label=\"一次性密码\">([\w-]+)<", given.text)
    passwords = dict(rows)
    assert len(passwords) == User.objects.filter(kind="staff").count()

    secadmin = signed_in("sec", security)
    newest = secadmin.get("/roles/").context["newest"]
    decision = {"every": "on", "upto": newest, "decision": "granted", "reason": "任职通知"}
    secadmin.post("/roles/", decision | {"password": OWN, "idempotency_key": new_key()})
    assert Membership.objects.filter(user__username="tongchou", role="office").exists()

    office = signed_in("tongchou", passwords["tongchou"])
    imported(office, "/items/import/", "items-qinghe")
    press(
        office, "/campaigns/new/?template=lantian-2022", code="QH", name="走流程", start="2022-05-25", end="2022-12-31"
    )
    press(office, "/campaigns/QH/issue/")
    campaign = Campaign.objects.get(code="QH")
    assert campaign.state in ("issued", "running")
    assert ServiceItem.objects.exists()
    assert RosterEntry.objects.filter(campaign=campaign).count() > 10
