"""A register of walks comes in with the problems found on them."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from core.models import AuditEntry
from issues.domain import lifecycle
from issues.models import Issue
from ledgers.domain.imports import import_walks
from ledgers.domain.undo import undo_batch
from ledgers.models import ImportBatch
from ledgers.tests.tables import LAYOUTS, ledger
from notifications.models import Notice
from tests.cast import AUTUMN, covert_walk
from walks.domain import lifecycle as walk_lifecycle
from walks.models import Participant, Walk, WalkEvent

HEAD = (
    "序号", "单位", "体验人", "职务", "体验事项", "体验形式", "角色", "体验日期", "地点或渠道", "是否委托", "发现问题",
    "整改措施", "备注",
)  # fmt: skip
WALK = {"单位": "县民政局", "体验人": "测试principal", "体验事项": "结婚登记", "体验日期": "2022-06-08"}


def brought_in(cast, path, **options):
    done = import_walks(campaign=cast.campaign, path=path, **options)
    assert [str(error) for error in done.errors] == []
    return done


def register(folder, *rows, **how):
    return ledger(folder, *rows, head=HEAD, **how)


def test_a_row_is_a_walk_handed_in_and_signed_by_nobody(cast, tmp_path):
    row = WALK | {"体验形式": "陪同办", "角色": "工作人员", "地点或渠道": "一楼大厅", "备注": "与企业同行"}
    done = brought_in(cast, register(tmp_path, row | {"发现问题": "①排队长②指南旧", "整改措施": "①增开窗口②更新指南"}))
    assert (done.created, done.unchanged) == (1, 0)
    walk = Walk.objects.get()
    assert (walk.state, walk.signed_by, walk.signed_digest, walk.period) == ("reported", None, "", "2022-06")
    assert (walk.department, walk.receiver, walk.item, walk.walker) == (
        cast.unit,
        cast.lead_unit,
        cast.item,
        cast.principal,
    )
    assert (walk.walk_date, walk.mode, walk.activity_kind, walk.place) == (
        date(2022, 6, 8),
        "accompany",
        "window_duty",
        "一楼大厅",
    )
    assert list(Participant.objects.values_list("user", "capacity")) == [(cast.principal.pk, "principal")]
    assert list(WalkEvent.objects.values_list("kind", "note")) == [("imported", "与企业同行")]
    assert not Notice.objects.exists()
    issues = Issue.objects.order_by("number")
    assert [(one.number, one.description, one.state, one.source) for one in issues] == [
        ("QH2022-00001", "排队长", "planning", "window"), ("QH2022-00002", "指南旧", "planning", "window"),
    ]  # fmt: skip
    assert [list(one.measures.values_list("text", flat=True)) for one in issues] == [["增开窗口"], ["更新指南"]]
    assert {(one.walk, one.lead_department, one.discovering_department) for one in issues} == {
        (walk, cast.lead_unit, cast.unit)
    }


def test_a_second_time_nothing_changes(cast, tmp_path):
    path = register(tmp_path, WALK | {"发现问题": "排队长"}, WALK | {"体验日期": "2022-06-07"})
    brought_in(cast, path)
    done = brought_in(cast, path)
    assert (done.created, done.unchanged, done.batch, Walk.objects.count()) == (0, 2, None, 2)
    more = brought_in(cast, register(tmp_path, WALK | {"发现问题": "排队长；①指南旧"}))
    assert "第 2 行的体验已经导入，报送后的内容不再改动；新的问题请在台账中导入。" in more.notes


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        (
            {"体验人": "测试princpal"},
            "体验人",
            "县民政局没有这个人。相近的有：测试principal、测试disabled、测试responsible；请先导入人员",
        ),
        ({"体验日期": "2022-06-09"}, "体验日期", "晚于今天"),
        ({"体验事项": ""}, "体验事项", "不能为空"),
        ({"单位": ""}, "单位", "不能为空"),
        ({"体验形式": "飞着办"}, "体验形式", "应为：亲身办、代理办、陪同办、线上办"),
        ({"整改措施": "增开窗口"}, "整改措施", "没有发现问题，不应有整改措施"),
        ({}, "体验事项", "与第 2 行是同一次体验（日期、单位、事项、体验人都相同）"),
    ],
)
def test_what_is_wrong_is_a_fault_of_its_cell(cast, tmp_path, cells, column, words):
    done = import_walks(campaign=cast.campaign, path=register(tmp_path, WALK, WALK | cells))
    assert [(fault.row, fault.column, fault.message) for fault in done.errors] == [(3, column, words)]
    assert not Walk.objects.exists()


def test_a_batch_of_walks_is_taken_back_with_its_issues(cast, tmp_path):
    path = register(
        tmp_path, WALK | {"发现问题": "排队长"}, WALK | {"体验日期": "2022-06-07", "发现问题": "①指南旧②叫号乱"}
    )
    batch = ImportBatch.objects.get(pk=brought_in(cast, path).batch)
    issue = Issue.objects.get(description="指南旧")
    lifecycle.perform(issue=issue, action="note_progress", actor=cast.liaison, data={"note": "在改"})
    done = undo_batch(batch=batch, actor=cast.office)
    assert (done.removed, done.removed_walks, done.kept) == (1, 1, [issue.number])
    assert set(Issue.objects.values_list("description", flat=True)) == {"指南旧", "叫号乱"}
    assert Walk.objects.get().walk_date == date(2022, 6, 7)


@pytest.mark.both_databases
def test_a_walk_to_which_something_happened_stays(cast, tmp_path):
    batch = ImportBatch.objects.get(pk=brought_in(cast, register(tmp_path, WALK)).batch)
    walk = Walk.objects.get()
    walk_lifecycle.perform(walk=walk, action="accept", actor=cast.lead)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        WalkEvent.objects.filter(kind="imported")._raw_delete("default")
    assert undo_batch(batch=batch, actor=cast.office).kept == [walk.item_name]
    assert Walk.objects.get() == walk


def test_a_covert_walk_gives_no_hint_of_itself(cast, tmp_path):
    hidden = covert_walk(cast, day=8)
    done = brought_in(cast, register(tmp_path, WALK), actor=cast.office)
    assert (done.created, done.unchanged, done.notes) == (1, 0, [])
    assert AuditEntry.objects.filter(detail__icontains=str(hidden.pk)).count() == 0


@pytest.mark.clock(AUTUMN)
def test_a_register_with_lists_in_cells_and_a_row_that_goes_on(cast):
    """L7: ①② in cells, several units, a row without 序号, the unit in the title, titles beside names."""
    done = brought_in(cast, next(LAYOUTS.glob("L7*")), create_missing=True)
    walk = Walk.objects.get()
    assert (done.created, walk.walk_date, walk.department, walk.walker.name) == (1, date(2022, 6, 8), cast.unit, "甲某")
    assert (walk.walker_capacity, User.objects.get(name="甲某").is_active) == ("principal", False)
    told = [
        (one.description, one.responsible_department.name, one.track, [m.text for m in one.measures.all()])
        for one in Issue.objects.order_by("number")
    ]
    assert told == [
        ("取号机坏", "县民政局", "on_spot", ["更换取号机"]),
        ("指南旧", "县民政局", "on_spot", ["更新指南"]),
        ("无引导", "县民政局", "long_term", ["增设引导员"]),
    ]
    first = Issue.objects.order_by("number").first()
    assert sorted(unit.name for unit in first.cooperating.all()) == ["县公安局", "县行政审批局"]
    assert "“体验时间”的“6.8上午”读作“2022-06-08”（第 4 行）。" in done.notes
    assert "第 5 行接在第 4 行之后，作为同一次体验读入。" in done.notes
