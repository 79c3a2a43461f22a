"""Two people on one form: the second save is a decision, never an accident. One case for each kind of form."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from campaigns.tests.setup_page import DRAFT, drafted, fields_of
from evidence.models import StoredFile
from evidence.tests.samples import photo, upload
from issues.domain import lifecycle as issue_lifecycle
from issues.models import Issue
from plans.tests.planning import monthly_plan
from tests.cast import NOON, covert_walk, issue_in, open_walk
from walks.domain import components
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("own_files")]


@dataclass(frozen=True)
class Case:
    """``place`` makes the record and gives the address of its form; ``first`` and ``second`` are the people, ``one``
    and ``two`` what each of them types."""

    place: Callable
    first: str
    second: str
    one: dict
    two: dict

    def __str__(self):
        return self.place.__name__


def completion(cast):
    return f"/walks/{open_walk(cast).pk}/complete/"


def step(cast):
    walk = open_walk(cast)
    return f"/walks/{walk.pk}/steps/{walk.steps.get().public_id}/"


def component(cast):
    walk = open_walk(cast)
    made = components.add(walk=walk, actor=cast.principal, code="discussion_meeting", happened_at=NOON, person="两人")
    return f"/walks/{walk.pk}/components/{made.public_id}/"


def problem(cast):
    walk = open_walk(cast, problems=1)
    return f"/walks/{walk.pk}/problems/{walk.issues.get().public_id}/"


def head_of_campaign(cast):
    drafted(cast)
    return f"{DRAFT}head/"


def calendar_day(cast):
    return "/calendar/day/?date=2022-07-04"


CASES = (
    Case(completion, "liaison", "principal", {"suggestion": "增设叫号屏"}, {"suggestion": "延长周末服务"}),
    Case(step, "principal", "liaison", {"note": "咨询两次"}, {"note": "咨询三次才说清"}),
    Case(component, "principal", "liaison", {"person": "窗口三人"}, {"person": "企业代表五人"}),
    Case(problem, "principal", "liaison", {"description": "漏告户口簿"}, {"description": "漏告身份证"}),
    Case(head_of_campaign, "office", "office_second", {"name": "秋季活动"}, {"name": "冬季活动"}),
)


def opened(cast, persona: str, url: str) -> tuple[Client, dict]:
    """A browser of that person with the page open, and what it would send."""
    client = Client()
    client.force_login(cast.people[persona], backend="django.contrib.auth.backends.ModelBackend")
    return client, whole(client.get(url))


def whole(answer) -> dict:
    """Every field of the page's form, and of the forms of the problems on it."""
    sent = fields_of(answer.context["form"])
    for row in answer.context.get("rows") or ():
        sent |= fields_of(row["form"]) if "form" in row else {}
    return sent


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_second_of_two_people_is_shown_both_texts_and_decides(cast, case):
    url = case.place(cast)
    first, one = opened(cast, case.first, url)
    second, two = opened(cast, case.second, url)
    assert first.post(url, one | case.one).status_code == 302
    answer = second.post(url, two | case.two)
    [(name, typed)], [stored] = case.two.items(), case.one.values()
    form = answer.context["form"]
    assert (answer.status_code, form[name].value(), form.stored_now[name]) == (409, typed, stored)
    assert f"现在保存的是：</span>{stored}" in answer.text
    assert str(cast.people[case.first]) in answer.text
    assert second.get(url).context["form"][name].value() == stored
    assert second.post(url, whole(answer)).status_code == 302
    assert first.get(url).context["form"][name].value() == typed


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_save_that_does_not_say_what_it_was_opened_on_changes_nothing(cast, case):
    url = case.place(cast)
    client, sent = opened(cast, case.first, url)
    del sent["seen"]
    answer = client.post(url, sent | case.one)
    assert (answer.status_code, "请重新打开本页后再改" in answer.text) == (400, True)
    [(name, typed)] = case.one.items()
    assert client.get(url).context["form"][name].value() != typed


def test_another_class_of_a_problem_is_shown_beside_that_problem(cast):
    walk = open_walk(cast, problems=1)
    url, name = f"/walks/{walk.pk}/complete/", f"p-{walk.issues.get().public_id}-category"
    first, one = opened(cast, "liaison", url)
    second, two = opened(cast, "deputy", url)
    assert first.post(url, one | {name: "政务服务"}).status_code == 302
    answer = second.post(url, two | {name: "业务办理"})
    assert (answer.status_code, Issue.objects.get().category) == (409, "政务服务")
    assert "现在保存的是：</span>政务服务" in answer.text
    assert second.post(url, whole(answer)).status_code == 302
    assert Issue.objects.get().category == "业务办理"


def test_a_day_of_the_calendar_edited_meanwhile_is_not_overwritten(cast):
    url = calendar_day(cast)
    first, one = opened(cast, "sysadmin", url)
    second, two = opened(cast, "sysadmin", url)
    given = {"works": "0", "source": "防汛通知"}
    assert first.post(url, one | given).status_code == 302
    answer = second.post(url, two | given | {"source": "另一份通知"})
    assert (answer.status_code, answer.context["form"]["source"].value()) == (409, "另一份通知")


def test_a_covert_walk_put_off_meanwhile_is_not_put_off_again(cast):
    walk = covert_walk(cast)
    url = f"/walks/{walk.pk}/postpone/"
    first, one = opened(cast, "principal", url)
    second, two = opened(cast, "principal", url)
    assert first.post(url, one | {"planned_on": "2022-06-20"}).status_code == 302
    answer = second.post(url, two | {"planned_on": "2022-06-22"})
    assert (answer.status_code, str(Walk.objects.get().walk_date)) == (409, "2022-06-20")
    assert "现在保存的是：</span>2022-06-20" in answer.text


def test_an_act_on_an_issue_changed_meanwhile_keeps_words_choices_and_photos(cast):
    issue = issue_in(cast, "rectifying")
    url = f"/issues/{issue.number}/request_closing/"
    client, sent = opened(cast, "liaison", url)
    issue_lifecycle.perform(
        issue=issue, action="note_progress", actor=cast.responsible, data={"note": "已改一半"}, now=NOON
    )
    typed = {"result": "告知单已更新上墙", "evidence_kind": "before", "files": [upload(photo(), "改前.jpg")]}
    answer = client.post(url, sent | typed)
    form = answer.context["form"]
    assert (answer.status_code, form["result"].value(), form["evidence_kind"].value()) == (
        409, "告知单已更新上墙", "before",
    )  # fmt: skip
    assert cast.responsible.name in answer.text
    [kept] = form.fields["files"].kept
    again = fields_of(form) | {"files_kept": kept["token"]}
    again.pop("files", None)
    assert client.post(url, again).status_code == 302
    assert [one.file.original_name for one in issue.evidence.all()] == ["改前.jpg"]
    assert StoredFile.objects.count() == 1


def test_an_act_that_is_not_open_any_more_shows_what_was_typed_on_the_page(cast):
    issue = issue_in(cast, "closing")
    url = f"/issues/{issue.number}/return_closing/"
    client, sent = opened(cast, "office", url)
    issue_lifecycle.perform(issue=issue, action="approve_closing", actor=cast.lead, data={}, now=NOON)
    answer = client.post(url, sent | {"note": "照片看不清，请补拍"})
    assert (answer.status_code, "照片看不清，请补拍" in answer.text) == (409, True)
    assert cast.lead.name in answer.text
    assert "您填写的文字列在下面" in answer.text


def test_cells_of_a_plan_saved_meanwhile_are_shown_beside_what_was_typed(cast):
    plan = monthly_plan(cast)
    url = f"/plans/{plan.pk}/edit/"
    first, second = opened(cast, "liaison", url)[0], opened(cast, "deputy", url)[0]
    page = first.get(url).context["form"]
    sent = fields_of(page) | {"row": [row.number for row in page.rows]}
    for row in page.rows:
        sent |= fields_of(row)
    cell = page.rows[0].add_prefix("place")
    assert first.post(url, sent | {cell: "一号窗口"}).status_code == 302
    answer = second.post(url, sent | {cell: "二号窗口", "idempotency_key": "other"})
    assert answer.status_code == 409
    assert answer.context["form"].rows[0].notes["place"] == ["现在保存的是：一号窗口"]
    assert answer.context["form"].rows[0]["place"].value() == "二号窗口"


def test_other_words_under_a_key_that_was_used_are_kept_and_not_passed_over(cast):
    """The page of the history after Back: the same key, another text."""
    issue = issue_in(cast, "rectifying")
    url = f"/issues/{issue.number}/note_progress/"
    client, sent = opened(cast, "liaison", url)
    assert client.post(url, sent | {"note": "已联系厂家"}).status_code == 302
    assert client.post(url, sent | {"note": "已联系厂家"}).status_code == 302
    answer = client.post(url, sent | {"note": "厂家下周到货"})
    assert (answer.status_code, answer.context["form"]["note"].value()) == (422, "厂家下周到货")
    assert "本次内容未保存" in answer.text
    conflict = client.post(url, whole(answer))
    assert (conflict.status_code, conflict.context["form"]["note"].value()) == (409, "厂家下周到货")
    assert client.post(url, whole(conflict)).status_code == 302
    issue.refresh_from_db()
    assert issue.progress == "厂家下周到货"


def test_a_record_that_was_made_is_not_shown_for_other_words(cast):
    walk = open_walk(cast)
    url = f"/walks/{walk.pk}/steps/add/"
    client, sent = opened(cast, "principal", url)
    assert client.post(url, sent | {"stage": "queue", "note": "排队一小时"}).status_code == 302
    answer = client.post(url, sent | {"stage": "queue", "note": "排队两小时"})
    assert (answer.status_code, answer.context["form"]["note"].value()) == (422, "排队两小时")
