"""A walk through the pages, by four people: the head, the liaison, the principal's signature, the lead."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evidence.tests.samples import photo
from issues.models import Issue
from tests.cast import PASSWORD
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files"), pytest.mark.both_databases]


def fill(client, url, **values):
    """Open the page, take its hidden fields as a browser would, send the form, follow to where it leads."""
    page = client.get(url)
    assert page.status_code == 200, url
    hidden = dict(re.findall(r'<input type="hidden" name="(idempotency_key|version|seen)" value="([^"]*)"', page.text))
    answer = client.post(url, {**hidden, **values}, follow=True)
    assert answer.status_code == 200, answer.text
    return answer


def test_a_walk_goes_from_the_head_s_phone_to_registered_issues(client, cast):
    client.force_login(cast.principal)
    start = client.get("/")
    key = start.context["start"]["idempotency_key"].value()
    opened = client.post(
        "/walks/start/", {"item": cast.item.pk, "mode": "in_person", "idempotency_key": key}, follow=True
    )
    walk = Walk.objects.get()
    base = f"/walks/{walk.pk}/"
    assert opened.redirect_chain[-1][0] == base

    picture = SimpleUploadedFile("叫号屏.jpg", photo(), "image/jpeg")
    fill(client, f"{base}steps/add/", stage="queue", assessment="blocked", note="等了40分钟", photos=[picture])
    step = walk.steps.get()
    fill(client, f"{base}problems/add/?step={step.public_id}", description="叫号屏不显示等候人数", stage="queue")
    fill(client, f"{base}problems/add/", description="告知单缺一项材料", stage="prepare")
    assert not Issue.objects.exclude(state="draft").exists()

    client.force_login(cast.liaison)
    assert "进行中的体验" in client.get("/").text
    one, two = walk.issues.order_by("id")
    done = fill(
        client, f"{base}complete/", finish="1", place="县政务服务大厅", actual_days="1",
        **{f"p-{one.public_id}-category": "政务服务", f"p-{one.public_id}-department": cast.unit.pk,
           f"p-{two.public_id}-category": "业务办理", f"p-{two.public_id}-department": cast.second_unit.pk},
    )  # fmt: skip
    assert "等主要负责同志核对签字" in done.text

    client.force_login(cast.principal)
    assert "体验待签字" in client.get("/").text
    assert "叫号屏不显示等候人数" in client.get(f"{base}sign/").text
    fill(client, f"{base}sign/", password=PASSWORD)

    client.force_login(cast.lead)
    assert client.get(base).status_code == 404
    client.force_login(cast.liaison)
    reported = fill(client, f"{base}report/")
    assert "QH2022-00001、QH2022-00002" in reported.text

    client.force_login(cast.lead)
    assert "体验待接收" in client.get("/").text
    fill(client, f"{base}accept/")
    walk.refresh_from_db()
    assert walk.state == "accepted"
    assert walk.signed_by == cast.principal
    assert len(walk.signed_digest) == 64
    assert [event.kind for event in walk.events.all()] == ["started", "recorded", "signed", "reported", "accepted"]
    assert list(
        Issue.objects.order_by("number").values_list("number", "state", "category", "proposed_department__name")
    ) == [
        ("QH2022-00001", "registered", "政务服务", "县民政局"),
        ("QH2022-00002", "registered", "业务办理", "县公安局"),
    ]
    assert client.get("/issues/QH2022-00001/").status_code == 200
    assert "QH2022-00002" in client.get("/issues/").text
