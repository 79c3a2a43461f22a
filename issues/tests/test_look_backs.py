"""回头看: due by rule and by a recorded draw, walked again by somebody else, verified or opened anew by the report."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.domain.memberships import grant_membership
from catalogue.models import ServiceItem
from core.exceptions import Conflict, NotAllowed, Refused, StaleVersion
from core.idempotency import new_key
from core.models import AuditEntry
from issues.domain import intake, lifecycle
from issues.domain.lookback import draws
from issues.domain.lookback import lifecycle as look_backs
from issues.domain.lookback.queries import issues_to_bind, look_back_rows, look_backs_shown_to, views_of
from issues.domain.signature_check import broken_signatures
from issues.models import Issue, LookBack, LookBackDraw, LookBackTicket
from tests.cast import NOON, covert_walk, open_walk, reported_walk
from walks.domain import lifecycle as walk_lifecycle
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
THEN = NOON + timedelta(days=31)
THAT_DAY = THEN.date()


def struck_off(cast, number=1, **facts) -> list[Issue]:
    """Issues that 县民政局 found at another unit and that were struck off on 8 June by the lead."""
    _, issues = reported_walk(cast, problems=number)
    given = {"state": "closed", "responsible_department": cast.second_unit, "closed_on": NOON.date()}
    given |= {"closed_by": cast.lead} | facts
    Issue.objects.filter(pk__in=[one.pk for one in issues]).update(**given)
    return list(Issue.objects.filter(pk__in=[one.pk for one in issues]).select_related("campaign").order_by("number"))


def listed(user, tab, today=THAT_DAY) -> list[str]:
    rows = look_backs_shown_to(user).filter(views_of(user, today)[tab]).order_by("number")
    return [row["number"] for row in look_back_rows(rows)]


def bound(cast, issue, walk=None, actor=None, now=THEN) -> LookBack:
    walk = walk or open_walk(cast, now=now)
    made = look_backs.bind(issue=issue, walk=walk, actor=actor or cast.principal, now=now)
    return LookBack.objects.select_related(*look_backs.NAMED).get(pk=made.pk)


def judged(row, actor, verdict="pass", now=THEN, version=None, **data) -> LookBack:
    given = {"verdict": verdict, "finding": "抽查3件均已一次告知", "due_on": now.date() + timedelta(days=20)} | data
    return look_backs.perform(look_back=row, action="judge", actor=actor, data=given, now=now, version=version)


def handed_in(cast, walk: Walk, now=THEN) -> None:
    walk.refresh_from_db()
    walk_lifecycle.write_facts(walk=walk, actor=cast.principal, facts={"zero_explained": "对照原问题逐项复走"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=now)
    intake.sign_walk(walk=walk, actor=cast.principal, now=now)
    intake.report_walk(walk=walk, actor=cast.liaison, now=now)


def test_what_was_solved_at_once_is_due_by_itself_and_the_rest_when_drawn(cast):
    at_once, *rest = struck_off(cast, 6)
    Issue.objects.filter(pk=at_once.pk).update(track="on_spot")
    assert listed(cast.office, "due", NOON.date() + timedelta(days=29)) == []
    assert listed(cast.office, "due") == [at_once.number]
    made = draws.draw(campaign=cast.campaign, actor=cast.office, now=THEN)
    assert made.population == [issue.number for issue in rest]
    assert len(made.chosen) == 1
    assert draws.is_reproduced(made)
    assert listed(cast.office, "due") == sorted([at_once.number, *made.chosen])
    [row] = look_back_rows(look_backs_shown_to(cast.office).filter(number=made.chosen[0]))
    assert row["why"] == "抽取"


def test_no_issue_is_in_two_draws_of_one_round(cast):
    struck_off(cast, 2)
    for persona in ("lead", "liaison", "supervisor", "office_city"):
        with pytest.raises(NotAllowed):
            draws.draw(campaign=cast.campaign, actor=cast.people[persona], now=THEN)
    draws.draw(campaign=cast.campaign, actor=cast.office, now=THEN)
    with pytest.raises(Conflict, match=str(cast.office)):
        draws.draw(campaign=cast.campaign, actor=cast.office_second, now=THEN)
    [later] = struck_off(cast)
    second = draws.draw(campaign=cast.campaign, actor=cast.office, now=THEN + timedelta(days=1))
    assert (second.number, second.population) == (2, [later.number])
    with pytest.raises(Refused, match="没有可以抽取的问题"):
        draws.draw(campaign=cast.campaign, actor=cast.office, now=THEN + timedelta(days=2))
    for model in (LookBackDraw, LookBackTicket):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all()._raw_delete(using="default")
    with pytest.raises(DatabaseError), transaction.atomic():
        LookBackDraw.objects.update(seed="x")


def test_a_draw_is_repeated_from_seed_numbers_and_share():
    numbers = [f"QH2022-{one:05d}" for one in range(1, 12)]
    drawn = draws.choose("00ff", numbers, 20)
    assert len(drawn) == 3, "20 % of 11, rounded up"
    assert draws.choose("00ff", reversed(numbers), 20) == drawn
    assert (draws.size_of(0, 20), draws.size_of(1, 20), draws.size_of(5, 20), draws.size_of(5, 0)) == (0, 1, 1, 0)


def test_a_walk_that_says_passed_verifies_the_issue_when_it_is_reported(cast):
    [issue] = struck_off(cast, track="on_spot")
    row = bound(cast, issue)
    assert (listed(cast.office, "due"), listed(cast.office, "arranged")) == ([issue.number], []), "not reported yet"
    assert listed(cast.liaison, "arranged") == [issue.number]
    with pytest.raises(Refused, match="没有填写结论"):
        handed_in(cast, row.walk)
    judged(row, cast.liaison)
    handed_in(cast, row.walk)
    issue.refresh_from_db()
    row.refresh_from_db()
    assert (issue.state, issue.look_back_note, row.state) == (
        "verified",
        "通过：抽查3件均已一次告知",
        "look_back_passed",
    )
    event = issue.events.get(kind="look_back_pass")
    assert (event.actor, event.data["re_walk"][:10]) == (cast.principal, str(THEN.date()))
    assert listed(cast.office, "done") == [issue.number]
    assert broken_signatures() == []


def test_a_walk_that_says_failed_opens_the_second_round(cast):
    [issue] = struck_off(cast, track="on_spot", due_on=NOON.date(), first_due_on=NOON.date())
    row = bound(cast, issue)
    with pytest.raises(Refused, match="新的整改时限"):
        judged(row, cast.principal, "fail", due_on=None)
    judged(row, cast.principal, "fail", finding="仍未一次告知")
    handed_in(cast, row.walk)
    issue.refresh_from_db()
    assert (issue.state, issue.round, issue.rebounds) == ("rectifying", 2, 1)
    assert issue.due_on == THEN.date() + timedelta(days=20)
    assert issue.rounds.get().finding == "仍未一次告知"


@pytest.mark.clock(THEN)
def test_whoever_signs_reads_the_verdict_and_a_failed_one_needs_no_explained_zero(cast, client):
    [issue] = struck_off(cast)
    row = judged(bound(cast, issue), cast.principal, "fail", finding="叫号仍然错乱")
    row.walk.refresh_from_db()
    intake.record_walk(walk=row.walk, actor=cast.liaison, now=THEN)
    client.force_login(cast.principal)
    page = client.get(reverse("walk_act", args=[row.walk_id, "sign"])).content.decode()
    assert all(words in page for words in (issue.number, "原环节：咨询查询", "未通过：叫号仍然错乱"))
    intake.sign_walk(walk=row.walk, actor=cast.principal, now=THEN)
    client.force_login(cast.liaison)
    url = reverse("walk_act", args=[row.walk_id, "report"])
    shown = client.get(url)
    assert "未通过：叫号仍然错乱" in shown.content.decode()
    body = {"version": shown.context["form"]["version"].value(), "idempotency_key": new_key()}
    assert f"{issue.number} 回头看未通过，进入下一轮整改。" in client.post(url, body, follow=True).content.decode()


def test_a_walk_that_only_says_passed_explains_what_was_walked(cast):
    [issue] = struck_off(cast)
    row = judged(bound(cast, issue), cast.principal)
    row.walk.refresh_from_db()
    with pytest.raises(Refused, match="未发现问题的，请说明体验情况"):
        intake.record_walk(walk=row.walk, actor=cast.liaison, now=THEN)


def test_a_new_date_that_has_passed_is_put_right_before_the_report(cast):
    [issue] = struck_off(cast, track="on_spot")
    row = bound(cast, issue)
    judged(row, cast.principal, "fail", due_on=THAT_DAY)
    with pytest.raises(Refused, match=f"{issue.number} 的回头看结论不能生效"):
        handed_in(cast, row.walk, now=THEN + timedelta(days=1))
    issue.refresh_from_db()
    assert (issue.state, Walk.objects.get(pk=row.walk_id).state) == ("closed", "signed")


def test_neither_the_closer_nor_the_responsible_unit_walks_or_judges(cast):
    [issue] = struck_off(cast, track="on_spot")
    Issue.objects.filter(pk=issue.pk).update(closed_by=cast.principal)
    with pytest.raises(NotAllowed, match="验收人"):
        bound(cast, issue)
    Issue.objects.filter(pk=issue.pk).update(closed_by=cast.lead, responsible_department=cast.unit)
    with pytest.raises(NotAllowed, match="责任单位"):
        bound(cast, issue)
    Issue.objects.filter(pk=issue.pk).update(responsible_department=cast.second_unit)
    row = bound(cast, issue)
    grant_membership(user=cast.liaison, department=cast.second_unit, role="liaison")
    cast.liaison.__dict__.pop("_scope", None)
    with pytest.raises(NotAllowed, match="责任单位"):
        judged(row, cast.liaison)
    with pytest.raises(NotAllowed):
        judged(row, cast.office)


def test_a_walker_who_has_joined_the_responsible_unit_verifies_nothing_and_the_report_stands(cast):
    [issue] = struck_off(cast, track="on_spot")
    row = bound(cast, issue)
    judged(row, cast.principal)
    grant_membership(user=cast.principal, department=cast.second_unit, role="deputy")
    cast.principal.__dict__.pop("_scope", None)
    handed_in(cast, row.walk)
    row.refresh_from_db()
    issue.refresh_from_db()
    assert (issue.state, row.state) == ("closed", "look_back_void")
    assert "责任单位" in row.ended
    assert Walk.objects.get(pk=row.walk_id).state == "reported"
    assert listed(cast.office, "due") == [issue.number]


def test_of_two_walks_and_of_a_finding_by_hand_the_first_counts(cast):
    [issue] = struck_off(cast, track="on_spot")
    row = bound(cast, issue)
    with pytest.raises(Conflict, match=f"已安排回头看，由{cast.principal}"):
        bound(cast, issue, actor=cast.liaison)
    judged(row, cast.principal)
    lifecycle.perform(issue=issue, action="look_back_pass", actor=cast.office, data={"note": "现场核实"}, now=THEN)
    handed_in(cast, row.walk)
    row.refresh_from_db()
    assert (row.state, issue.state) == ("look_back_void", "verified")


def test_two_who_judge_at_once_are_told(cast):
    [issue] = struck_off(cast, track="on_spot")
    row = bound(cast, issue)
    other = LookBack.objects.select_related(*look_backs.NAMED).get(pk=row.pk)
    judged(row, cast.principal, version=1)
    with pytest.raises(StaleVersion, match=str(cast.principal)):
        judged(other, cast.liaison, "fail", version=1)


def test_a_binding_is_taken_back_with_a_reason_and_the_issue_is_due_again(cast):
    [issue] = struck_off(cast, track="on_spot")
    row = bound(cast, issue)
    with pytest.raises(Refused, match="取消原因"):
        look_backs.perform(look_back=row, action="unbind", actor=cast.principal, data={"note": ""}, now=THEN)
    look_backs.perform(look_back=row, action="unbind", actor=cast.principal, data={"note": "事项不符"}, now=THEN)
    assert listed(cast.liaison, "due") == [issue.number]
    again = bound(cast, issue)
    walk_lifecycle.perform(walk=again.walk, action="cancel", actor=cast.principal, data={"reason": "改期"}, now=THEN)
    assert listed(cast.liaison, "due") == [issue.number], "a walk that was given up binds nothing"


def test_only_a_walk_of_the_item_is_bound_and_only_to_what_is_struck_off(cast):
    [issue] = struck_off(cast)
    walk = open_walk(cast, now=THEN)
    assert list(issues_to_bind(walk, cast.principal)) == [issue]
    Issue.objects.filter(pk=issue.pk).update(state="rectifying")
    with pytest.raises(Conflict, match="不需要回头看"):
        bound(cast, issue, walk)
    Issue.objects.filter(pk=issue.pk).update(state="closed")
    other = ServiceItem.objects.create(department=cast.unit, name="离婚登记", search_text="离婚登记")
    Walk.objects.filter(pk=walk.pk).update(item=other)
    walk.refresh_from_db()
    with pytest.raises(Refused, match="应与原问题相同"):
        bound(cast, issue, walk)
    with pytest.raises(NotAllowed):
        bound(cast, issue, walk, actor=cast.office)


def test_what_a_signed_walk_says_never_changes(cast):
    [issue] = struck_off(cast, track="on_spot")
    row = bound(cast, issue)
    judged(row, cast.principal)
    handed_in(cast, row.walk)
    with pytest.raises(DatabaseError), transaction.atomic():
        LookBack.objects.update(verdict="fail")
    with pytest.raises(DatabaseError), transaction.atomic():
        LookBack.objects.all()._raw_delete(using="default")


def test_while_the_walk_is_covert_the_issue_stays_due_for_everyone_not_named(cast):
    [issue] = struck_off(cast, track="on_spot", closed_on=date(2022, 5, 1))
    walk = covert_walk(cast)
    row = bound(cast, issue, walk, now=NOON)
    today = NOON.date()
    for persona in ("liaison", "office", "lead", "supervisor"):
        user = cast.people[persona]
        assert (listed(user, "due", today), listed(user, "arranged", today)) == ([issue.number], [])
    assert listed(cast.principal, "arranged", today) == [issue.number]
    # Somebody who knows nothing of it arranges another: a refusal would tell.
    other = bound(cast, issue, open_walk(cast), actor=cast.liaison, now=NOON)
    assert other.pk != row.pk
    assert set(AuditEntry.objects.filter(action="walk.look_back_bound").values_list("chain", flat=True)) == {
        "covert",
        "open",
    }


@pytest.mark.clock(THEN)
def test_the_pages_from_the_list_to_the_verdict(cast, client):
    [issue] = struck_off(cast, track="on_spot")
    client.force_login(cast.principal)
    page = client.get(reverse("look_backs")).content.decode()
    assert issue.number in page
    assert "立行立改" in page
    assert (
        reverse("look_back_start", args=[issue.number])
        in client.get(reverse("issue", args=[issue.number])).content.decode()
    )
    body = {"item": cast.item.pk, "mode": "in_person", "idempotency_key": new_key()}
    started = client.post(reverse("look_back_start", args=[issue.number]), body)
    row = LookBack.objects.get()
    assert started.url == reverse("walk", args=[row.walk_id])
    assert "还没有填写结论" in client.get(started.url).content.decode()
    again = client.post(reverse("look_back_start", args=[issue.number]), body | {"idempotency_key": new_key()})
    assert again.status_code == 409
    url = reverse("walk_look_back", args=[row.walk_id, row.public_id, "judge"])
    told = {"verdict": "fail", "finding": "仍未一次告知", "version": 1, "idempotency_key": new_key()}
    refused = client.post(url, told)
    assert refused.status_code == 400
    assert "新的整改时限" in refused.content.decode()
    told |= {"due_on": str(THAT_DAY + timedelta(days=9)), "idempotency_key": new_key()}
    assert client.post(url, told).status_code == 302
    late = client.post(url, told | {"finding": "另一说法", "idempotency_key": new_key()})
    assert late.status_code == 409
    assert "另一说法" in late.content.decode()


@pytest.mark.clock(THEN)
def test_an_open_walk_is_bound_on_its_page(cast, client):
    [issue] = struck_off(cast)
    walk = open_walk(cast, now=THEN)
    client.force_login(cast.liaison)
    assert reverse("walk_look_back_add", args=[walk.pk]) in client.get(reverse("walk", args=[walk.pk])).content.decode()
    body = {"issue": issue.number, "idempotency_key": new_key()}
    assert client.post(reverse("walk_look_back_add", args=[walk.pk]), body).status_code == 302
    assert LookBack.objects.get().issue == issue


@pytest.mark.clock(THEN)
def test_the_office_draws_on_its_page_and_everybody_above_reads_how(cast, client):
    issues = struck_off(cast, 2)
    client.force_login(cast.office)
    assert "2 件待抽取" in client.get(reverse("look_backs")).content.decode()
    assert "2 件已销号问题到期，还没有参加过抽取" in client.get("/").content.decode()
    url = reverse("look_back_draw", args=[cast.campaign.code])
    assert issues[0].number in client.get(url).content.decode()
    answer = client.post(url, {"idempotency_key": new_key()})
    assert client.post(url, {"idempotency_key": new_key()}).status_code == 409
    assert "待抽取" not in client.get(reverse("look_backs")).content.decode() + client.get("/").content.decode()
    client.force_login(cast.supervisor)
    page = client.get(answer.url).content.decode()
    assert "结果一致" in page
    assert LookBackDraw.objects.get().seed in page
    workbook = client.get(reverse("look_backs_export"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(workbook.streaming_content))).active
    assert sheet[4][1].value == LookBackDraw.objects.get().chosen[0]


@pytest.mark.clock(THEN)
def test_the_list_takes_the_same_queries_whatever_it_holds(cast, client, django_assert_num_queries):
    struck_off(cast, 1, track="on_spot")
    client.force_login(cast.office)
    client.get(reverse("look_backs"))
    for more in (0, 2):
        for _ in range(more):
            struck_off(cast, 1, track="on_spot")
        with django_assert_num_queries(15):
            client.get(reverse("look_backs"))
