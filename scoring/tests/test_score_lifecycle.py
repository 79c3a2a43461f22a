"""Objections, manual points with a second person, and the settled sheet."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.enums import ScoreRule
from core.exceptions import IllegalTransition, NotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from scoring.domain import lifecycle
from scoring.domain.freeze import changed_since, freeze, is_intact
from scoring.domain.lifecycle import Answer, note_point, object_to, perform
from scoring.domain.scores import scores_of
from scoring.domain.settled import sheets_shown_to
from scoring.models import ScoreNote, ScoreSheet
from scoring.tests.scored import JULY, asked_in_june, june, switch_on
from tests.cast import TZ

pytestmark = [pytest.mark.both_databases, pytest.mark.clock(datetime(2022, 6, 8, 12, 0, tzinfo=TZ))]
POINT, MANUAL = "按时限完成整改", "建立健全制度机制"


@pytest.fixture
def desk(world):
    return Desk(world.cast)


class Desk:
    """The scores of June as they stand on 5 July, and the acts on them."""

    def __init__(self, cast):
        self.cast, self.campaign = cast, switch_on(cast)

    @property
    def asked(self):
        return asked_in_june(self.campaign, JULY.date())

    @property
    def scores(self):
        return scores_of(self.asked)

    def line(self, point=POINT):
        return self.scores.unit(self.cast.unit.pk).line_of(point)

    def object(self, persona="liaison", point=POINT, text="时限内已报上级", **options):
        given = {"unit_id": self.cast.unit.pk, "point": point, "text": text, "actor": self.cast.people[persona]}
        return object_to(asked=self.asked, scores=self.scores, **{"now": JULY} | given | options)

    def note(self, persona="office", point=MANUAL, amount=30, **options):
        given = {"unit_id": self.cast.unit.pk, "point": point, "text": "没有建立制度", "amount": amount} | options
        return note_point(
            asked=self.asked, scores=self.scores, actor=self.cast.people[persona], **{"now": JULY} | given
        )

    def do(self, matter, action, persona, text="", amount=0, version=None, now=JULY):
        return perform(
            matter=matter,
            action=action,
            actor=self.cast.people[persona],
            version=version or matter.version,
            answer=Answer(text, amount),
            left=self.line(matter.point).left,
            now=now,
        )

    def freeze(self, **options):
        return freeze(
            **{"campaign": self.campaign, "period": june(self.campaign), "actor": self.cast.office, "now": JULY}
            | options
        )


def test_an_objection_agreed_to_gives_back_and_never_more_than_was_taken(desk):
    taken = desk.line().deducted
    made = desk.object()
    with pytest.raises(Refused, match="不超过所扣的分值"):
        desk.do(made, "agree", "office", "情况属实", taken + 1)
    with pytest.raises(Refused, match="请填写答复"):
        desk.do(made, "agree", "office", "", taken)
    desk.do(made, "agree", "office", "情况属实", taken)
    assert (desk.line().given_back, desk.line().score) == (taken, 200)
    assert AuditEntry.objects.filter(action="score.objection_agreed").count() == 1


def test_only_the_unit_objects_and_only_the_office_answers(desk):
    for persona in ("office", "lead", "supervisor", "second_principal"):
        with pytest.raises(NotAllowed):
            desk.object(persona)
    made = desk.object("principal")
    for persona in ("lead", "supervisor", "principal", "office_city"):
        with pytest.raises(NotAllowed):
            desk.do(made, "agree", persona, "同意", 10)
    with pytest.raises(NotAllowed):
        desk.do(made, "take_back", "office")
    assert desk.do(made, "take_back", "liaison").state == "taken_back"
    assert desk.object().state == "open"


def test_nothing_is_objected_to_where_nothing_was_taken_and_one_objection_at_a_time(desk):
    with pytest.raises(Refused, match="没有扣分"):
        desk.object(point="报送质量")
    with pytest.raises(Refused, match="没有这一评分项"):
        desk.object(point="别的")
    desk.object()
    with pytest.raises(Refused, match="已有测试liaison于 2022-07-05 10:00 提出的一条申诉待办理"):
        desk.object()


def test_a_manual_point_counts_when_a_second_person_agrees(desk):
    made = desk.note()
    assert desk.line(MANUAL).deducted == 0
    with pytest.raises(NotAllowed, match="另一人"):
        desk.do(made, "agree", "office")
    desk.do(made, "agree", "office_second")
    assert (desk.line(MANUAL).deducted, desk.line(MANUAL).records[0].words) == (30, "没有建立制度")
    with pytest.raises(Refused, match="不能人工评定"):
        desk.note(point=POINT)
    with pytest.raises(Refused, match="不超过 10 分"):
        desk.note(amount=101)
    with pytest.raises(NotAllowed):
        desk.note(persona="liaison")


def test_a_step_is_taken_once_and_not_upon_an_old_reading(desk):
    made = desk.note()
    with pytest.raises(
        StaleVersion, match="本条人工评定已由测试office于 2022-07-05 10:00 修改或办理，您看到的内容不是最新的"
    ):
        desk.do(made, "agree", "office_second", version=7)
    desk.do(made, "refuse", "office_second", "不属实")
    with pytest.raises(
        IllegalTransition, match="测试office_second于 2022-07-05 10:00 修改或办理，现处于“未采纳”，不能复核同意"
    ):
        desk.do(made, "agree", "office_second")
    with pytest.raises(
        IllegalTransition, match="测试office_second于 2022-07-05 10:00 修改或办理，现处于“未采纳”，不能不同意"
    ):
        lifecycle.ensure_open(made, "refuse", desk.cast.office_second)
    with pytest.raises(IllegalTransition, match="没有名为"):
        lifecycle.require_actor(made, "erase", desk.cast.office)


def test_what_waits_is_named_and_nothing_is_settled_before_it_is_due(desk):
    for act in (desk.freeze, desk.object, desk.note):
        with pytest.raises(Refused, match="到 2022-06-30 二十四时才全部到期，2022-07-01 起可以"):
            act(now=datetime(2022, 6, 30, 23, 59, tzinfo=TZ))
    desk.object()
    desk.note()
    with pytest.raises(Refused, match="县民政局：申诉待答复；县民政局：人工评定待复核"):
        desk.freeze()
    with pytest.raises(NotAllowed):
        desk.freeze(actor=desk.cast.supervisor)
    assert not ScoreSheet.objects.exists()


def test_a_settled_sheet_stays_and_a_correction_is_the_next_version_with_a_reason(desk):
    first = desk.freeze()
    assert (first.version, is_intact(first), desk.freeze()) == (1, True, first)
    desk.do(desk.object(), "agree", "office", "情况属实", 50)
    assert changed_since(desk.scores, first)
    with pytest.raises(Refused, match="写明原因"):
        desk.freeze()
    second = desk.freeze(reason="申诉采纳")
    first.refresh_from_db()
    assert (second.version, is_intact(first), first.digest != second.digest) == (2, True, True)
    assert second.as_of == date(2022, 7, 5)


def test_what_waits_and_what_was_agreed_to_since_a_version_was_settled_is_told_of_it(desk):
    def told() -> tuple[bool, bool]:
        [sheet] = sheets_shown_to(desk.cast.office, desk.campaign.code, "2022-06")
        return sheet.has_open, sheet.has_new

    desk.do(desk.object(), "agree", "office", "部分属实", 10)
    desk.freeze(now=JULY + timedelta(hours=1))
    assert told() == (False, False)
    second = desk.object(text="其余也不应扣")
    assert told() == (True, False)
    desk.do(second, "agree", "office", "属实", 10, now=JULY + timedelta(hours=2))
    assert told() == (False, True)


def test_what_is_given_back_already_is_not_objected_to_again(desk):
    taken = desk.line().deducted
    desk.do(desk.object(), "agree", "office", "部分属实", taken - 10)
    second = desk.object(text="其余也不应扣")
    with pytest.raises(Refused, match="该项现扣 1 分"):
        desk.do(second, "agree", "office", "属实", 11)
    desk.do(second, "agree", "office", "属实", 10)
    assert desk.line().left == 0
    with pytest.raises(Refused, match="已全部加回"):
        desk.object(text="再次申诉")


def test_nothing_is_added_to_a_period_that_was_settled_since_the_page_was_opened(desk):
    desk.freeze()
    for act in (desk.object, desk.note):
        with pytest.raises(StaleVersion, match="评分第 1 版已由测试office于 2022-07-05 10:00 确定，本次没有提交"):
            act(seen=0)
        assert act(seen=1).state == "open"


def test_each_act_on_a_score_waits_for_who_settles_it(desk):
    """Settling and these take the same row, so that nothing is added between the check and the settled sheet."""
    about = {"asked": desk.asked, "scores": desk.scores, "unit_id": desk.cast.unit.pk, "text": "情况", "now": JULY}
    made = taken_first(lambda: object_to(**about, point=POINT, actor=desk.cast.liaison))
    taken_first(lambda: note_point(**about, point=MANUAL, amount=10, actor=desk.cast.office))
    taken_first(lambda: perform(matter=made, action="take_back", actor=desk.cast.liaison, version=1, now=JULY))
    ScoreNote.objects.all().delete()
    taken_first(desk.freeze)


def taken_first(act):
    """What the act returns, once it took the row of the campaign before it read or wrote anything of scores."""
    with CaptureQueriesContext(connection) as captured:
        done = act()
    statements = [one["sql"] for one in captured]
    taken = next(at for at, sql in enumerate(statements) if 'FROM "campaigns_campaign"' in sql)
    assert not any("scoring_score" in sql for sql in statements[:taken])
    if connection.vendor == "postgresql":
        assert statements[taken].endswith("FOR NO KEY UPDATE")
    return done


def test_who_opened_the_page_before_another_settled_is_told_who_did(desk):
    first = desk.freeze(seen=0)
    with pytest.raises(StaleVersion, match="第 1 版已由测试office于 2022-07-05 10:00 确定"):
        desk.freeze(actor=desk.cast.office_second, reason="更正", seen=0)
    assert desk.freeze(seen=1) == first


@pytest.mark.parametrize("statement", ["UPDATE scoring_scoresheet SET digest = 'x'", "DELETE FROM scoring_scoresheet"])
def test_the_database_refuses_a_write_on_a_settled_sheet(desk, statement):
    desk.freeze()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_period_without_scoring_is_not_settled(desk):
    with pytest.raises(Refused, match="没有启用评分"):
        desk.freeze(period=june(desk.campaign).previous())


def test_rules_of_the_closed_list_are_each_read_by_one_reader(desk):
    assert {line.point.rule for line in desk.scores.units[0].lines} == set(ScoreRule.values)
