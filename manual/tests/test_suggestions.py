"""意见建议: written on any page, answered once by 系统管理员, who tells the author; nobody else reads it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import AccountKind
from core.exceptions import IllegalTransition, NotAllowed
from core.idempotency import new_key
from manual.domain import suggestions
from manual.models import Suggestion
from notifications.models import Notice
from tests.cast import NOON

pytestmark = pytest.mark.django_db
WORDS = "台账的字再大些"


def sent(cast, *, author=None, text=WORDS):
    return suggestions.send(author=author or cast.liaison, route="issues", text=text, now=NOON)


def answered(suggestion, cast, text="可点“大字显示”"):
    return suggestions.answer(suggestion=suggestion, actor=cast.sysadmin, text=text, now=NOON)


def test_it_goes_from_the_help_of_a_page_to_the_administrator_and_back(client, cast):
    client.force_login(cast.liaison)
    page = client.get(client.get(reverse("issues")).context["chrome"]["help"])
    url = page.context["suggest_url"]
    assert "查找、筛选与导出" in client.get(url).text
    data = {"text": WORDS, "idempotency_key": new_key()}
    assert client.post(url, data).status_code == client.post(url, data).status_code == 302
    one = Suggestion.objects.get()
    assert (one.author, one.about, one.text) == (cast.liaison, "查找、筛选与导出", WORDS)
    told = Notice.objects.get(kind="suggestion.sent")
    assert told.recipient == cast.sysadmin
    client.force_login(cast.sysadmin)
    assert WORDS in client.get(told.link).text
    answer = client.post(told.link, {"answer": "可点“大字显示”", "idempotency_key": new_key()})
    assert answer.status_code == 302
    client.force_login(cast.liaison)
    back = Notice.objects.get(kind="suggestion.answered", recipient=cast.liaison)
    assert "可点“大字显示”" in client.get(back.link).text


def test_it_is_answered_once_and_by_the_administrator_alone(cast):
    one = sent(cast)
    with pytest.raises(NotAllowed):
        suggestions.answer(suggestion=one, actor=cast.office, text="好", now=NOON)
    answered(one, cast)
    with pytest.raises(IllegalTransition) as late:
        answered(one, cast, "另一答复")
    assert cast.sysadmin.name in late.value.message
    assert Suggestion.objects.get().answer == "可点“大字显示”"


@pytest.mark.both_databases
def test_the_database_keeps_no_half_answer(cast):
    one = sent(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.filter(pk=one.pk).update(answer="好")


def test_each_reads_the_own_ones_and_the_administrator_all(cast):
    one, other = sent(cast), sent(cast, author=cast.office)
    assert list(suggestions.suggestions_visible_to(cast.liaison)) == [one]
    assert set(suggestions.suggestions_visible_to(cast.sysadmin)) == {one, other}
    assert not suggestions.suggestions_visible_to(cast.people["secadmin"]).exists()
    assert cast.sysadmin.kind == AccountKind.SYSADMIN


def test_the_list_costs_the_same_for_one_and_three_and_is_exported_as_shown(client, cast, django_assert_num_queries):
    client.force_login(cast.sysadmin)
    sent(cast)
    client.get(reverse("suggestions"))
    with django_assert_num_queries(6):
        client.get(reverse("suggestions"))
    answered(sent(cast, text="导出慢"), cast)
    sent(cast, text="换行")
    with django_assert_num_queries(6):
        page = client.get(reverse("suggestions"))
    assert [tab["count"] for tab in page.context["tabs"]] == [2, 1, 3]
    found = client.get(reverse("suggestions"), {"q": "导出", "tab": "answered"})
    assert [row["text"] for row in found.context["page"].rows] == ["导出慢"]
    assert client.get(found.context["export_url"]).headers["content-type"].endswith("sheet")


def test_a_number_of_a_person_is_pointed_out(client, cast):
    client.force_login(cast.liaison)
    data = {"text": "打 13912345678 没人接", "idempotency_key": new_key()}
    answer = client.post(reverse("suggestion_add"), data)
    assert (answer.status_code, Suggestion.objects.count()) == (400, 0)
