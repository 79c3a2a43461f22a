"""申诉 and 人工评定 that wait: on the home page of whoever may answer, and told of to whom the answer is for."""

from datetime import datetime

import pytest
from django.urls import reverse

from core.exceptions import NotAllowed
from core.text import quoted
from notifications.models import Notice
from scoring.domain import lifecycle
from scoring.domain.lifecycle import Answer, perform
from scoring.models import ScoreNote, ScoreObjection
from scoring.tests.scored import JULY
from tests.cast import TZ

pytestmark = pytest.mark.clock(datetime(2022, 6, 8, 12, 0, tzinfo=TZ))
POINT, MANUAL = "按时限完成整改", "建立健全制度机制"
TITLE = "2022年6月评分待答复、复核"


def made(cast, kind=ScoreObjection, *, by="liaison", point=POINT, period="2022-06", unit=None):
    about = {"campaign": cast.campaign, "period": period, "department": unit or cast.unit, "point": point}
    amount = 10 if kind is ScoreNote else 0
    return kind.objects.create(made_by=cast.people[by], made_at=JULY, text="情况", amount=amount, **about)


def groups(client):
    return [group for group in client.get("/").context["groups"] if "评分" in group["title"]]


def test_what_waits_is_found_by_whoever_may_answer_and_counted_as_its_list(scored, sign_in):
    cast = scored.cast
    for persona in ("office", "lead", "liaison"):
        assert not groups(sign_in(persona))
    made(cast)
    made(cast, point="报送质量")
    made(cast, ScoreNote, by="office", point=MANUAL)
    made(cast, ScoreNote, by="office_second", point=MANUAL, period="2022-05")
    first, second = groups(sign_in("office"))
    assert [(one["title"], one["total"]) for one in (first, second)] == [("2022年5月评分待答复、复核", 1), (TITLE, 2)]
    assert second["url"] == reverse("scores", args=["QH2022", "2022-06"]) + "?version=live#waiting"
    assert second["rows"][0]["title"] == "县民政局：申诉 · 按时限完成整改"
    assert [one.mine for one in sign_in("office").get(second["url"]).context["waiting"]] == [True, True, False]
    [other] = groups(sign_in("office_second"))
    assert (other["title"], other["total"]) == (TITLE, 3)
    for persona in ("lead", "liaison", "office_city", "responsible"):
        assert not groups(sign_in(persona))


def test_every_matter_listed_as_mine_offers_its_answer(scored, sign_in):
    cast = scored.cast
    cast.unit.memberships.create(user=cast.office, role="responsible")
    cast.office.__dict__.pop("_scope", None)
    for kind, by in ((ScoreObjection, "liaison"), (ScoreNote, "office"), (ScoreNote, "office_second")):
        made(cast, kind, by=by, point=POINT if kind is ScoreObjection else MANUAL)
    page = sign_in("office").get(reverse("scores", args=["QH2022", "2022-06"]))
    found = {(one.kind, one.matter.pk): one.mine for one in page.context["waiting"]}
    [group] = groups(sign_in("office"))
    assert group["total"] == sum(found.values()) == 1
    for kind, model in (("objection", ScoreObjection), ("note", ScoreNote)):
        for matter in model.objects.all():
            assert found[kind, matter.pk] is may_refuse(matter, cast.office)


def may_refuse(matter, actor) -> bool:
    try:
        perform(matter=matter, action="refuse", actor=actor, version=1, answer=Answer("不属实"), now=JULY)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_page_costs_the_same_whatever_waits(scored, sign_in, rows, django_assert_num_queries):
    for number in range(rows):
        made(scored.cast, point=f"项{number}")
        made(scored.cast, ScoreNote, by="office_second", point=f"项{number}")
    client = sign_in("office")
    client.get("/")
    with django_assert_num_queries(27):
        assert groups(client)[0]["total"] == 2 * rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_scores_costs_the_same_whatever_waits(scored, sign_in, rows, django_assert_num_queries):
    for number in range(rows):
        made(scored.cast, point=f"项{number}")
    client = sign_in("office")
    client.get("/")
    with django_assert_num_queries(28):
        client.get(reverse("scores", args=["QH2022", "2022-06"]))


def test_the_unit_is_told_what_became_of_its_objection_and_the_author_of_the_note(scored):
    cast = scored.cast
    objection, note = made(cast), made(cast, ScoreNote, by="office", point=MANUAL)
    answer = Answer("情况属实", 25)
    lifecycle.perform(
        matter=objection, action="agree", actor=cast.office, version=1, answer=answer, left=30, now=JULY
    )  # fmt: skip
    lifecycle.perform(
        matter=note, action="refuse", actor=cast.office_second, version=1, answer=Answer("不属实"), now=JULY
    )
    lifecycle.perform(matter=made(cast, point="报送质量"), action="take_back", actor=cast.liaison, version=1, now=JULY)
    told = Notice.objects.filter(kind__startswith="score.").order_by("id")
    link = reverse("score_sheet", args=["QH2022", "2022-06", cast.unit.pk])
    assert {(one.kind, one.recipient.username, one.link) for one in told} == {
        ("score.objection_agreed", "principal", link),
        ("score.objection_agreed", "liaison", link),
        ("score.note_refused", "office", link),
    }
    assert f"{quoted(cast.campaign.name)}2022年6月评分：申诉“{POINT}”已采纳，加回 2.5 分。情况属实" in told[0].text
    assert f"人工评定“{MANUAL}”（县民政局）未采纳。不属实" in told[2].text
