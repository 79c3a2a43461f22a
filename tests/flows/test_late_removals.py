"""What somebody else has removed, answered or ended already: by whom and when is said, what was typed is shown."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.domain.abolition import abolish
from accounts.domain.memberships import end_memberships, grant_membership
from accounts.domain.people import disable_user
from accounts.domain.role_requests import ask, decide
from accounts.models import Membership, RoleRequest, User
from accounts.scope import scope_of
from campaigns.domain import hotline, must_walk
from campaigns.domain.deadlines import approve, deadline_gone
from campaigns.domain.lifecycle import amend, discard, issue
from campaigns.domain.work_calendar import remove_day, set_day, token_of_day
from campaigns.models import Campaign, Deadline, HotlineMonth, PoolItem
from core.calendar import SpecialDay
from core.exceptions import OWN, IllegalTransition
from core.idempotency import new_key
from core.jobs import cancel
from core.models import Job
from tests.cast import NOON, PASSWORD, build_cast, open_walk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.clock(NOON)]
TYPED = "已电话核对过的说明"
TODAY = NOON.date()
QH = "/campaigns/QH2022/"


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def pool(cast):
    given = {"campaign": cast.campaign, "actor": cast.office, "today": TODAY}
    must_walk.add(items=[cast.item], provenance="leader", note="", **given)
    row = PoolItem.objects.get()
    must_walk.remove(row=row, actor=cast.office, today=TODAY)
    return f"{QH}pool/{row.pk}/remove/", {}, cast.office, cast.office_second


def calendar(cast):
    day = date(2022, 7, 4)
    set_day(day=day, is_workday=False, name="", source="通知", actor=cast.sysadmin, now=NOON)
    seen = token_of_day(SpecialDay(day, False, "", "通知", True))
    remove_day(day=day, actor=cast.sysadmin, seen=seen, now=NOON)
    return "/calendar/2022-07-04/remove/", {"seen": seen}, cast.sysadmin, cast.second_sysadmin


def deadline(cast):
    row = cast.campaign.deadlines.filter(kind="report").first()
    seen = row.due_on, row.due_on - timedelta(days=2)
    Deadline.objects.filter(pk=row.pk).update(proposed_on=seen[1])
    approve(deadline=row, actor=cast.office, seen=seen, today=TODAY)
    assert deadline_gone(cast.campaign, 0) is None, "no other rules were issued"
    sent = {"due_on": seen[0], "proposed_on": seen[1], "answer": "keep"}
    return f"{QH}deadlines/{row.pk}/", sent, cast.office, cast.office_second


def deadline_of_other_rules(cast):
    row = cast.campaign.deadlines.filter(kind="report").last()
    amend(campaign=cast.campaign, effective_on=TODAY, reason="改", actor=cast.office, today=TODAY)
    issue(campaign=cast.campaign, actor=cast.office, now=NOON)
    assert deadline_gone(cast.campaign, row.pk) is None, "it stands"
    row.delete()
    sent = {"due_on": TODAY, "proposed_on": TODAY, "answer": "approve"}
    return f"{QH}deadlines/{row.pk or 0}/", sent, cast.office, cast.office_second


def export(cast):
    params = {"region": cast.office_unit.region_id, "rows": 3, "unmasked": False, "reason": "汇报"}
    given = {"owner": cast.lead, "rights": scope_of(cast.lead).fingerprint, "state": "held"}
    job = Job.objects.create(kind="ledger.export", label="导出问题台账", params=params, **given)
    sent = {"decision": "released", "reason": "来函要求", "idempotency_key": new_key()}
    assert browser(cast.office).post(f"/exports/{job.pk}/", sent).status_code == 302
    return f"/exports/{job.pk}/", {"decision": "refused", "reason": TYPED}, cast.office, cast.office_second


def called_off_export(cast):
    url, sent, _, _ = export(cast)
    Job.objects.update(state="held", decided_by=None, decided_at=None)
    cancel(job=Job.objects.get())
    return url, sent, cast.lead, cast.office


def adjustment(cast):
    amend(campaign=cast.campaign, effective_on=TODAY, reason="改", actor=cast.office, today=TODAY)
    discard(campaign=cast.campaign, actor=cast.office)
    return f"{QH}discard/", {}, cast.office, cast.office_second


def rules(cast):
    amend(campaign=cast.campaign, effective_on=TODAY, reason="改", actor=cast.office, today=TODAY)
    issue(campaign=cast.campaign, actor=cast.office, now=NOON)
    return f"{QH}rules/oversight/", {"criticism": TYPED}, cast.office, cast.office_second


def account(cast):
    disable_user(user=cast.liaison, actor=cast.sysadmin, reason="离职")
    sent = {"wanted": "disabled", "reason": TYPED, "password": PASSWORD}
    return f"/people/{cast.liaison.pk}/", sent, cast.sysadmin, cast.second_sysadmin


def unit(cast):
    abolish(unit=cast.second_unit, on=TODAY, document="文", actor=cast.sysadmin, today=TODAY)
    url = f"/units/{cast.second_unit.pk}/abolish/"
    return url, {"on": TODAY, "document": TYPED}, cast.sysadmin, cast.second_sysadmin


def tickets(cast):
    figures = [hotline.TicketFigure(cast.unit.pk, cast.unit.name, 5)]
    given = {"campaign": cast.campaign, "month": "2022-06", "figures": figures, "file_name": "表.xlsx"}
    hotline.save_figures(actor=cast.lead, now=NOON, **given)
    month = HotlineMonth.objects.get()
    hotline.choose(month=month, cut=1, tied=None, actor=cast.lead)
    hotline.issue(month=month, seen=hotline.token_of(hotline.ranking(month)), actor=cast.lead, now=NOON)
    return f"{QH}hotline/2022-06/", {"cut": 1}, cast.lead, cast.office


PLACES = (
    pool,
    calendar,
    deadline,
    deadline_of_other_rules,
    export,
    called_off_export,
    adjustment,
    rules,
    account,
    unit,
    tickets,
)


@pytest.fixture
def cast():
    found = build_cast()
    User.objects.create(username="sys2", name="另一管理员", kind=found.sysadmin.kind, label="另一管理员")
    found.people["second_sysadmin"] = User.objects.get(username="sys2")
    found.second_sysadmin.set_password(PASSWORD)
    found.second_sysadmin.save()
    return found


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_who_comes_too_late_reads_who_was_first_and_when(cast, place):
    url, sent, first, second = place(cast)
    late = browser(second).post(url, sent | {"idempotency_key": new_key()})
    assert late.status_code == 409, late.text[:300]
    assert f"由{first}于 2022-06-08 12:00" in late.text
    assert (f'class="btn btn-primary" href="{QH}"' in late.text) == url.startswith(QH)
    assert TYPED not in str(sent) or TYPED in late.text
    if place not in (called_off_export, deadline_of_other_rules):
        own = browser(first).post(url, sent | {"idempotency_key": new_key()})
        assert (own.status_code, f"由{OWN}于 2022-06-08 12:00" in own.text) == (409, True)


def test_who_decides_roles_too_late_reads_who_decided_them(cast):
    wanted = RoleRequest(user=cast.responsible, department=cast.second_unit, role="liaison", requested_by=cast.sysadmin)
    ask(requests=[wanted], actor=cast.sysadmin)
    decide(ids=[wanted.pk], decision="granted", reason="任职", actor=cast.secadmin)
    sent = {"decision": "granted", "reason": TYPED, "password": PASSWORD}
    said = f"由{cast.secadmin}于 2022-06-08 12:00 办理"
    url, client = "/roles/", browser(cast.secadmin)
    late = client.post(url, sent | {"chosen": [wanted.pk, "²", "9" * 30], "idempotency_key": new_key()})
    own = f"由{OWN}于 2022-06-08 12:00 办理"
    assert (late.status_code, TYPED in late.text, own in late.text) == (409, True, True)
    ask(requests=[RoleRequest(user=cast.deputy, role="auditor", requested_by=cast.sysadmin)], actor=cast.sysadmin)
    late = client.post(url, sent | {"chosen": [wanted.pk], "idempotency_key": new_key()})
    assert (late.status_code, TYPED in late.text, said in late.text) == (400, True, True)
    with pytest.raises(IllegalTransition, match=said):
        decide(ids=[wanted.pk], decision="granted", reason="任职", actor=cast.secadmin)


def test_who_ends_a_role_too_late_reads_who_ended_it(cast):
    grant_membership(user=cast.liaison, department=cast.second_unit, role="liaison")
    url, client = f"/people/{cast.liaison.pk}/", browser(cast.secadmin)
    said = ("所选角色中有已经取消的，最近一次", 400), ("的角色已经取消，", 409)
    for held, (words, status) in zip(Membership.objects.filter(user=cast.liaison), said, strict=True):
        sent = {"reason": TYPED, "password": PASSWORD, "idempotency_key": new_key(), "chosen": [held.pk]}
        end_memberships(memberships=[held], actor=cast.second_sysadmin, reason="任免")
        answer = client.post(url, sent)
        whole = f"{words}由{cast.second_sysadmin}于 2022-06-08 12:00"
        assert (answer.status_code, whole in answer.text, TYPED in answer.text) == (status, True, True)


# --- pages that hold no form any more -------------------------------------------------------


def an_item_added_meanwhile(cast):
    add = {"campaign": cast.campaign, "provenance": "leader", "note": "", "actor": cast.office, "today": TODAY}
    must_walk.add(items=must_walk.items_to_add(cast.campaign), **add)
    sent = {"items": [cast.item.pk], "provenance": "leader", "note": TYPED}
    return f"{QH}pool/add/", sent, cast.office_second, f"由{cast.office}于 2022-06-08 12:00 列入"


def a_unit_needed_meanwhile(cast):
    return f"/units/{cast.lead_unit.pk}/abolish/", {"on": TODAY, "document": TYPED}, cast.sysadmin, "由该单位接收"


def a_walk_begun_meanwhile(cast):
    open_walk(cast)
    sent = {"note": TYPED, "zero": "1", "seen": "0"}
    return f"/reports/QH2022/2022-06/send/{cast.unit.pk}/", sent, cast.liaison, "本期报送"


def a_campaign_ended_meanwhile(cast):
    Campaign.objects.filter(pk=cast.campaign.pk).update(ends_on=TODAY - timedelta(days=1))
    return "/walks/covert/add/", {"place": TYPED}, cast.principal, "暗访"


GONE = (an_item_added_meanwhile, a_unit_needed_meanwhile, a_walk_begun_meanwhile, a_campaign_ended_meanwhile)


@pytest.mark.parametrize("place", GONE, ids=lambda place: place.__name__)
def test_what_was_typed_is_shown_where_the_page_holds_no_form_any_more(cast, place):
    url, sent, user, words = place(cast)
    late = browser(user).post(url, sent | {"idempotency_key": new_key()})
    assert late.status_code in (400, 409)
    assert (words in late.text, late.text.count(TYPED)) == (True, 1)


def test_what_the_form_still_holds_is_not_shown_twice_nor_a_password(cast):
    held = Membership.objects.get(user=cast.liaison)
    sent = {"chosen": [held.pk], "reason": TYPED, "password": "错误的 密码", "idempotency_key": new_key()}
    answer = browser(cast.secadmin).post(f"/people/{cast.liaison.pk}/", sent)
    assert (answer.status_code, answer.text.count(TYPED), "错误的 密码" in answer.text) == (400, 1, False)


def test_a_visitor_is_shown_nothing_that_was_sent(cast):
    answer = Client(enforce_csrf_checks=True).post(f"{QH}pool/add/", {"note": TYPED})
    assert (answer.status_code, TYPED in answer.text) == (403, False)
