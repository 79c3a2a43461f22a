"""The pages of what is public: the office's, and the two addresses everybody reads without signing in."""

import io
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from core.idempotency import new_key
from core.middleware import OPEN_TO_ALL
from reports.domain.public_sheet import places
from reports.models import PublicPlace, PublicSheet
from reports.tests.public import RELEASED_AT, asked, published, released, step, switch, waiting
from tests.cast import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.clock(RELEASED_AT + timedelta(hours=1))]


@pytest.fixture
def world(db):
    """June is published and asked for: the world of these pages."""
    return waiting()


def url(name: str, *rest) -> str:
    return reverse(name, args=["QH2022", "2022-06", *rest])


def press(client, address: str, **data):
    form = client.get(address).context["form"]
    hidden = {"version": form["version"].value()} if "version" in form.fields else {}
    return client.post(address, {"idempotency_key": new_key()} | hidden | data)


def made_known(world, sheet, number: int = 1) -> PublicPlace:
    facts = {"medium": "newspaper", "published_on": RELEASED_AT.date(), "link": "第 3 版"}
    made = [
        places.record(sheet=sheet, actor=world.cast.lead, facts=facts | {"name": f"青禾日报{one}"}, now=RELEASED_AT)
        for one in range(number)
    ]
    return made[0]


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["public_page", "public_file"])
def test_everybody_is_answered_the_frozen_bytes_by_one_query_and_no_session(world, name, django_assert_num_queries):
    sheet = released(world.cast)
    address = reverse(name, args=[sheet.public_id])
    assert address.startswith(OPEN_TO_ALL)
    kept = bytes(sheet.page if name == "public_page" else sheet.workbook)
    signed_in = Client()
    signed_in.force_login(world.cast.liaison, backend="django.contrib.auth.backends.ModelBackend")
    answers = []
    for browser in (Client(), signed_in):
        with django_assert_num_queries(1):
            answers.append(browser.get(address))
        assert not answers[-1].cookies
    assert [answer.content for answer in answers] == [kept, kept]
    one, other = (dict(answer.headers) for answer in answers)
    assert one == other
    assert one["Cache-Control"] == "public, no-cache"
    assert "Vary" not in one
    named = f"attachment; filename*=UTF-8''{quote(sheet.workbook_name)}"
    assert one.get("Content-Disposition") == (named if name == "public_file" else None)
    assert "default-src 'self'" in one["Content-Security-Policy"]
    assert Client().get(address, headers={"If-None-Match": one["ETag"]}).status_code == 304
    assert Client().head(address).status_code == 200


def test_an_expired_session_sends_nobody_to_the_sign_in(world):
    sheet = released(world.cast)
    browser = Client()
    browser.force_login(world.cast.office, backend="django.contrib.auth.backends.ModelBackend")
    session = browser.session
    session["last_seen_at"] = session["signed_in_at"] = 1
    session.save()
    assert browser.get(reverse("public_page", args=[sheet.public_id])).status_code == 200


def test_what_is_only_asked_for_or_was_declined_looks_absent(world):
    sheet = PublicSheet.objects.get()
    absent = Client().get(reverse("public_page", args=["00000000-0000-0000-0000-000000000007"]))
    for _ in range(2):
        answer = Client().get(reverse("public_page", args=[sheet.public_id]))
        assert (answer.status_code, answer.content) == (404, absent.content)
        sheet = step(sheet, "decline", world.cast.office, reason="数字有误") if sheet.state == "asked" else sheet


def test_after_revoking_the_address_says_so_in_words_and_not_why(world):
    sheet = step(released(world.cast), "revoke", world.cast.office, reason="张三的数字有误")
    for name in ("public_page", "public_file"):
        answer = Client().get(reverse(name, args=[sheet.public_id]))
        assert answer.status_code == 410
        assert answer["Cache-Control"] == "no-store"
        assert "2022年6月27日撤回" in answer.text
        assert "张三" not in answer.text
        assert "<a " not in answer.text.replace('<a class="skip-link" href="#main">', "")


def test_the_office_asks_and_another_person_releases_with_the_password(world, sign_in):
    cast, first = world.cast, PublicSheet.objects.get()
    step(first, "decline", cast.office, reason="重新申请")
    assert press(sign_in("office"), url("public_ask")).status_code == 302
    sheet = PublicSheet.objects.first()
    address = url("public_act", sheet.public_id, "release")
    assert sign_in("office").get(address).status_code == 403
    assert "须由统筹办另一人审核" in sign_in("office").get(url("public_sheets")).text
    second = sign_in("office_second")
    assert "将要公开的内容" in second.get(address).text
    for wrong in ("", "不是这个密码"):
        assert press(second, address, password=wrong).status_code == 400
    assert press(second, address, password=PASSWORD).status_code == 302
    assert reverse("public_page", args=[sheet.public_id]) in second.get(url("public_sheets")).text


def test_it_waits_at_home_for_who_may_release_and_for_nobody_else(world, sign_in):
    link = url("public_act", PublicSheet.objects.get().public_id, "release")
    assert link in sign_in("office_second").get("/").text
    for persona in ("office", "lead", "office_city"):
        assert "待审核公开" not in sign_in(persona).get("/").text


def test_asking_is_offered_once_and_only_while_it_is_switched_on(world, sign_in):
    office = sign_in("office")
    assert url("public_ask") not in office.get(url("public_sheets")).text
    step(PublicSheet.objects.get(), "decline", world.cast.office, reason="重新申请")
    assert url("public_ask") in office.get(url("public_sheets")).text
    assert url("public_sheets") in office.get(url("report")).text
    switch(world.cast, on=False)
    assert url("public_ask") not in office.get(url("public_sheets")).text
    assert url("public_sheets") not in office.get(url("report")).text
    answer = press(office, url("public_ask"))
    assert answer.status_code == 400
    assert "没有启用向社会公开" in answer.text


def test_a_newer_version_is_pointed_out_and_offered(world, sign_in):
    sheet = released(world.cast)
    type(world.issues["overdue"]).objects.filter(pk=world.issues["overdue"].pk).update(category="业务办理")
    published(world.cast, reason="分类更正", now=RELEASED_AT)
    text = sign_in("office").get(url("public_sheets")).text
    assert "本期已更正印发第 2 版，公开的仍是第 1 版" in text
    assert "申请公开第 2 版" in text
    assert Client().get(reverse("public_page", args=[sheet.public_id])).content == bytes(sheet.page)


def test_who_is_too_late_is_told_who_was_first(world, sign_in):
    cast, sheet = world.cast, PublicSheet.objects.get()
    address = url("public_act", sheet.public_id, "release")
    second = sign_in("office_second")
    sent = {"version": second.get(address).context["form"]["version"].value(), "password": PASSWORD}
    step(sheet, "decline", cast.office, reason="数字有误")
    answer = second.post(address, sent | {"idempotency_key": new_key()})
    assert answer.status_code == 409
    assert "“未公开”" in answer.text


def test_lead_and_supervisor_read_what_is_public_a_unit_nothing(world, sign_in):
    for persona in ("lead", "supervisor", "office_city"):
        assert "待审核公开" not in sign_in(persona).get(url("public_sheets")).text
    released(world.cast)
    for persona in ("lead", "supervisor", "office_city"):
        text = sign_in(persona).get(url("public_sheets")).text
        assert "已公开" in text
        assert "撤回公开" not in text
    assert sign_in("liaison").get(url("public_sheets")).status_code == 404


def test_the_lead_records_where_it_was_made_known_and_strikes_out_what_is_wrong(world, sign_in):
    sheet = released(world.cast)
    lead, address = sign_in("lead"), url("public_place", sheet.public_id)
    wrong = press(lead, address, medium="newspaper", name="青禾日报", published_on="2022-06-01", link="")
    assert wrong.status_code == 400
    assert "应在公开日期（2022-06-27）和今天（2022-06-27）之间" in wrong.text
    facts = {"medium": "newspaper", "name": "青禾日报", "published_on": "2022-06-27"}
    assert press(lead, address, **facts, link="javascript:alert(1)").status_code == 302
    text = lead.get(url("public_sheets")).text
    assert "日报：青禾日报，2022-06-27" in text
    assert 'href="javascript' not in text
    assert "青禾日报" in sign_in("supervisor").get(url("published", 1)).text
    strike = url("public_strike", sheet.public_id, PublicPlace.objects.get().pk)
    assert press(sign_in("lead"), strike, reason="报纸名称有误").status_code == 302
    assert "划去：报纸名称有误" in lead.get(url("public_sheets")).text
    assert "青禾日报" not in sign_in("supervisor").get(url("published", 1)).text


def test_the_workbook_holds_every_place_that_stands(world, sign_in):
    sheet = released(world.cast)
    struck = made_known(world, sheet, 2)
    places.strike(place=struck, actor=world.cast.lead, reason="有误", now=RELEASED_AT)
    file = b"".join(sign_in("lead").get(url("public_export")).streaming_content)
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(file)).active.iter_rows()]
    [row] = [row for row in rows if row[0] == 1]
    assert (row[1], row[2], row[5], row[6], row[8]) == (1, "已公开", "日报", "青禾日报1", "第 3 版")


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_cost_the_same_for_one_place_and_three(world, sign_in, number, django_assert_num_queries):
    made_known(world, released(world.cast), number)
    client = sign_in("lead")
    client.get("/")
    with django_assert_num_queries(12):
        client.get(url("public_sheets"))
    reader = sign_in("supervisor")
    reader.get("/")
    with django_assert_num_queries(8):
        reader.get(url("published", 1))


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_one_release_and_three(world, sign_in, number, django_assert_num_queries):
    sheet = released(world.cast)
    for _ in range(number - 1):
        step(sheet, "revoke", world.cast.office, reason="数字有误")
        sheet = step(asked(world.cast), "release", world.cast.office_second)
    client = sign_in("lead")
    client.get("/")
    with django_assert_num_queries(12):
        client.get(url("public_sheets"))
