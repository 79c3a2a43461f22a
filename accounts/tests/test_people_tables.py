"""The page on which 系统管理员 imports people; nothing of a role works before 安全管理员 grants it."""

from dataclasses import replace

import pytest
from django.core.management import call_command

from accounts.domain.imports import Passwords, import_people, write_people
from accounts.domain.people_requests import RequestedAccounts
from accounts.domain.role_requests import decide
from accounts.enums import Decision
from accounts.models import Department, Membership, RoleRequest, User
from accounts.resources import PersonResource
from accounts.scope import NOTHING, scope_of
from accounts.views.people_tables import DESK
from core import export_limit
from core.models import AuditEntry, StagedTable
from core.staging import StalePreview, carry_out
from core.tests.tables import cells, confirm, outcomes, send, value
from tests.cast import build_cast

pytestmark = pytest.mark.django_db
URL = "/people/import/"
HEAD = "序号,姓名,用户名,单位,职务,角色,手机\n"
GOOD = (
    "1,甲,jia,县民政局,局长,主要负责同志,13800002222\n2,乙,yi,县民政局,干事,联络员、整改责任人,\n"
    "3,丙,bing,,,审计员,\n4,乙,yi,县公安局,,联络员,\n"
)


@pytest.fixture
def cast():
    return build_cast()


@pytest.fixture
def keeper(client, cast):
    client.force_login(cast.sysadmin)
    return client


def sent(client, text: str):
    return send(client, URL, HEAD + text, region="青禾县")


def imported(client, text: str):
    return confirm(client, sent(client, text))


def asked() -> set[tuple]:
    return set(RoleRequest.objects.values_list("user__username", "department__name", "role", "title", "decision"))


def held(*usernames: str) -> set[tuple]:
    rows = Membership.objects.filter(user__username__in=usernames)
    return set(rows.values_list("user__username", "department__name", "role", "title"))


def grant_all(cast) -> int:
    ids = RoleRequest.objects.values_list("pk", flat=True)
    return decide(ids=ids, decision=Decision.GRANTED, reason="任职通知", actor=cast.secadmin)


def test_accounts_come_at_once_and_roles_wait(keeper, cast):
    shown = sent(keeper, GOOD)
    assert not User.objects.filter(username="jia").exists()
    assert outcomes(shown) == {
        "甲（jia） 县民政局": "created",
        "乙（yi） 县民政局": "created",
        "丙（bing）": "created",
        "乙（yi） 县公安局": "updated",
    }
    assert cells(shown, "甲（jia） 县民政局")["待授角色"] == ("", "主要负责同志")
    assert "角色" not in cells(shown, "甲（jia） 县民政局")
    assert "13800002222" not in shown.text
    assert "138****2222" in shown.text
    assert "新增 <b>3</b>，更新 <b>1</b>" in confirm(keeper, shown).text
    assert asked() == {
        ("jia", "县民政局", "principal", "局长", "waiting"),
        ("yi", "县民政局", "liaison", "干事", "waiting"),
        ("yi", "县民政局", "responsible", "干事", "waiting"),
        ("yi", "县公安局", "liaison", "", "waiting"),
        ("bing", None, "auditor", "", "waiting"),
    }
    for user in User.objects.filter(username__in=("jia", "yi", "bing")):
        assert (user.kind, user.has_usable_password(), user.must_change_password) == ("staff", False, True)
        assert scope_of(user).roles == NOTHING.roles
    [entry] = AuditEntry.objects.filter(action="people.imported")
    assert (entry.actor_id, entry.object_key) == (cast.sysadmin.pk, "青禾县")
    told = AuditEntry.objects.filter(action="role.requested").values_list("object_key", "detail")
    assert ("jia", {"role": "主要负责同志", "unit": "青禾县/县民政局"}) in list(told)
    assert len(told) == 5


def test_before_the_decision_nothing_of_the_role_works(client, keeper, cast):
    imported(keeper, GOOD + "5,丁,ding,县营商办,,统筹办,\n")
    User.objects.update(must_change_password=False)
    for username, pages in (("ding", ("/items/",)), ("bing", ("/audit/", "/people/"))):
        client.force_login(User.objects.get(username=username))
        assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
    grant_all(cast)
    client.force_login(User.objects.get(username="ding"))
    assert client.get("/items/").status_code == 200
    client.force_login(User.objects.get(username="bing"))
    assert client.get("/audit/").status_code == 200


def test_the_same_file_again_asks_nothing_again_whatever_was_decided(keeper, cast):
    imported(keeper, GOOD)
    before = asked(), AuditEntry.objects.count()
    shown = sent(keeper, GOOD)
    assert set(outcomes(shown).values()) == {"unchanged"}
    confirm(keeper, shown)
    assert (asked(), AuditEntry.objects.count()) == before
    ids = list(RoleRequest.objects.filter(user__username__in=("yi", "bing")).values_list("pk", flat=True))
    decide(ids=ids, decision=Decision.REFUSED, reason="编外", actor=cast.secadmin)
    again = sent(keeper, GOOD)
    assert set(outcomes(again).values()) == {"unchanged"}
    assert "安全管理员此前未授予，不再重复申请" in again.text
    grant_all(cast)
    assert set(outcomes(sent(keeper, GOOD)).values()) == {"unchanged"}
    assert RoleRequest.objects.count() == 5


def test_a_title_and_a_phone_may_change_and_the_old_ones_are_shown(keeper, cast):
    imported(keeper, GOOD)
    changed = GOOD.replace("局长", "副局长").replace("13800002222", "13811112222")
    shown = sent(keeper, changed)
    assert cells(shown, "甲（jia） 县民政局") == {
        "职务": ("局长", "副局长"),
        "手机": ("138****2222", "138****2222（新号码）"),
    }
    confirm(keeper, shown)
    assert RoleRequest.objects.get(user__username="jia").title == "副局长"
    grant_all(cast)
    confirm(keeper, sent(keeper, GOOD))
    assert held("jia") == {("jia", "县民政局", "principal", "局长")}


def test_another_number_that_looks_the_same_makes_the_preview_stale(keeper):
    imported(keeper, GOOD)
    shown = sent(keeper, GOOD.replace("13800002222", "13811112222"))
    User.objects.filter(username="jia").update(phone="13899992222")
    assert confirm(keeper, shown).status_code == 409


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "1,测试principal,principal,县民政局,,联络员,\n2,戊,wu,县民政局,,联络员,\n",
        "1,,jia,县民政,局长,主要负责同志,\n2,晚,liaison,县民政局,,国王,abc\n3,测试auditor,auditor,县民政局,,联络员,\n"
        "4,丁,ding,县民政局,,审计员、联络员,\n5,戊,wu,,,联络员,\n6,己,ji,县民政局,,联络员,1\n7,己,ji,县民政局,,整改责任人,2\n",
    ],
)
def test_page_and_command_give_the_same_for_the_same_file(keeper, cast, tmp_path, text):
    path = tmp_path / "表.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    trial = import_people(path=path, region_name="青禾县", dry_run=True)
    shown = sent(keeper, text)
    if trial.errors:
        assert sorted(map(str, shown.context["errors"])) == sorted(map(str, trial.errors))
        assert StagedTable.objects.count() == 0
        return
    assert shown.context["counts"] == trial.counts()
    confirm(keeper, shown)
    grant_all(cast)
    by_page = people()
    User.objects.exclude(pk__in=[person.pk for person in cast.people.values()]).delete()
    Membership.objects.filter(user=cast.principal, role="liaison").delete()
    call_command("import_people", str(path), "--region", "青禾县", "--json")
    assert people() == by_page


def people() -> tuple:
    rows = User.objects.order_by("username").values_list("username", "name", "kind", "phone", "must_change_password")
    return list(rows), held(*User.objects.values_list("username", flat=True))


def test_an_account_that_waits_to_be_an_administrator_gets_no_business_role(keeper, cast):
    imported(keeper, "1,丙,bing,,,审计员,\n")
    shown = sent(keeper, "1,丙,bing,县民政局,,联络员,\n")
    [error] = shown.context["errors"]
    assert error.message == "该账号是审计员，三员与业务角色不得兼任"
    decide(
        ids=RoleRequest.objects.values_list("pk", flat=True),
        decision=Decision.REFUSED,
        reason="人选有变",
        actor=cast.secadmin,
    )
    assert set(outcomes(sent(keeper, "1,丙,bing,县民政局,,联络员,\n")).values()) == {"updated"}


def test_two_confirmations_that_both_found_the_table_waiting_import_once(keeper):
    shown = sent(keeper, GOOD)
    staged = StagedTable.objects.get()
    for key in ("one", "two"):
        carry_out(desk=DESK, staged=staged, seen=value(shown, "seen"), key=key)
    assert AuditEntry.objects.filter(action="people.imported").count() == 1


class OvertakenBeforeReading(PersonResource):
    """Somebody else makes one of the accounts after the comparison."""

    def write(self, staged, result):
        User.objects.create(username="jia", name="甲")
        super().write(staged, result)


class OvertakenBeforeWriting(PersonResource):
    """Somebody else makes one of the accounts after the writer has read what stands there."""

    def write(self, staged, result):
        accounts = RequestedAccounts(staged)
        User.objects.create(username="jia", name="甲")
        write_people(staged, accounts, result, passwords=Passwords(), region_name="青禾县", actor=self.actor)


@pytest.mark.parametrize("resource", [OvertakenBeforeReading, OvertakenBeforeWriting])
def test_an_account_made_between_look_and_write_is_a_stale_preview_and_nothing_is_kept(keeper, resource):
    shown = sent(keeper, GOOD)
    staged, before = StagedTable.objects.get(), User.objects.count()
    desk = replace(
        DESK, resource=lambda rows, params, file, actor: resource(rows, file, region_name="青禾县", actor=actor)
    )
    with pytest.raises(StalePreview):
        carry_out(desk=desk, staged=staged, seen=value(shown, "seen"), key="k")
    assert (User.objects.count(), RoleRequest.objects.count()) == (before, 0)
    assert StagedTable.objects.get().imported_at is None
    assert "导入完成" in confirm(keeper, shown).text


@pytest.mark.parametrize("persona", ["secadmin", "auditor", "office", "principal"])
def test_for_everybody_else_the_pages_do_not_exist(client, cast, persona):
    client.force_login(cast.people[persona])
    for url in (URL, "/people/export/", "/people/export/?region=青禾县"):
        assert client.get(url).status_code == 404
    assert client.post(URL, {}).status_code == 404


def test_an_unknown_region_is_told_at_the_form(keeper):
    shown = send(keeper, URL, HEAD + GOOD, region="青禾")
    assert shown.status_code == 400
    assert "没有名为“青禾”的区域。相近的有：青禾县。" in shown.text


def test_what_is_downloaded_can_be_imported_again_and_changes_nothing(keeper, cast, tmp_path):
    path = tmp_path / "人员.xlsx"
    for query, region in (("region=青禾县", "青禾县"), ("admins=1", "")):
        answer = keeper.get(f"/people/export/?{query}")
        path.write_bytes(b"".join(answer.streaming_content))
        found = import_people(path=path, region_name=region)
        assert (found.errors, found.created, found.updated) == ([], 0, 0)
        assert found.rows == found.unchanged > 2
    assert b"13800001111" not in path.read_bytes()
    entries = AuditEntry.objects.filter(action="people.exported").values_list("object_key", flat=True)
    assert list(entries) == ["青禾县", ""]


def test_the_download_asks_for_a_region(keeper):
    assert keeper.get("/people/export/").status_code == 200
    answer = keeper.get("/people/export/", {"region": "青禾"})
    assert (answer.status_code, "相近的有：青禾县" in answer.text) == (400, True)


@pytest.mark.parametrize("rows", [1, 4])
def test_an_import_reads_the_same_number_of_times_for_one_line_and_four(keeper, rows, django_assert_num_queries):
    imported(keeper, "".join(f"{n},人{n},u{n},县民政局,,联络员,\n" for n in range(rows)))
    again = "".join(f"{n},人{n},u{n},县民政局,,联络员,\n" for n in range(rows))
    keeper.get(URL)
    with django_assert_num_queries(30):
        sent_now = send(keeper, URL, HEAD + again, region="青禾县")
    assert len(sent_now.context["shown"]["lines"]) == rows
    assert Department.objects.filter(name="县民政局").count() == 2


MOVED = "1,测试liaison,liaison,县公安局,,联络员,\n"


def test_the_old_role_of_who_moved_stays_and_is_named_without_the_box(keeper, cast):
    shown = sent(keeper, MOVED)
    assert "还有县民政局联络员的角色，仍然保留" in shown.text
    assert 'name="end_old"' in keeper.get(URL).text
    confirm(keeper, shown)
    grant_all(cast)
    assert held("liaison") == {("liaison", "县民政局", "liaison", ""), ("liaison", "县公安局", "liaison", "")}


def test_with_the_box_the_old_role_ends_when_confirmed_and_not_before(keeper, cast):
    shown = send(keeper, URL, HEAD + MOVED, region="青禾县", end_old="on")
    assert ("liaison", "县民政局", "liaison", "") in held("liaison")
    confirm(keeper, shown)
    grant_all(cast)
    assert held("liaison") == {("liaison", "县公安局", "liaison", "")}


@pytest.mark.parametrize("url", ["/people/export/", "/units/export/"])
def test_more_rows_than_one_person_takes_out_are_refused_in_words(keeper, cast, monkeypatch, url):
    monkeypatch.setattr(export_limit, "DIRECT_ROWS", 1)
    answer = keeper.get(url, {"region": "青禾县"})
    assert answer.status_code == 400
    assert "超过一次导出的上限 1 行" in answer.text
    assert not AuditEntry.objects.filter(action__endswith="s.exported").exists()
