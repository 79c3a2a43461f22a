"""What was signed cannot be changed by any statement, and a change past the triggers is found by its digest."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core import audit
from core.models import AuditEntry
from issues.domain import intake
from issues.domain.signature_check import broken_signatures, check_signatures, content_digest
from tests.cast import NOON, do_components, open_walk, reported_walk
from tests.database import without_triggers
from walks.domain import lifecycle, personal
from walks.models import StepPerson, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CHANGES = [
    "UPDATE walks_walk SET place = 'x'",
    "UPDATE walks_walk SET actual_days = NULL, item_name = 'x'",
    "UPDATE walks_walk SET signed_at = NULL",
    "UPDATE walks_walk SET signed_digest = 'x'",
    "UPDATE walks_walk SET state = 'recorded', suggestion = 'x'",
    "DELETE FROM issues_issueevent",
    "UPDATE walks_step SET note = 'x'",
    "DELETE FROM walks_step",
    "UPDATE walks_participant SET capacity = 'other'",
    "DELETE FROM walks_participant",
    "UPDATE issues_need SET content = 'x'",
    "DELETE FROM issues_need",
    "UPDATE issues_issue SET description = 'x' WHERE walk_id IS NOT NULL",
    "UPDATE issues_issue SET found_on = '2020-01-01' WHERE walk_id IS NOT NULL",
    "UPDATE issues_issue SET item_id = NULL WHERE walk_id IS NOT NULL",
    "UPDATE issues_issue SET discovering_department_id = lead_department_id WHERE walk_id IS NOT NULL",
    "UPDATE issues_issue SET source = 'hotline' WHERE walk_id IS NOT NULL",
    "UPDATE issues_issue SET period = '2000-01' WHERE walk_id IS NOT NULL",
    "INSERT INTO walks_participant (walk_id, user_id, capacity)"
    " SELECT walk_id, user_id + 1, capacity FROM walks_participant LIMIT 1",
]


@pytest.fixture
def signed(cast):
    """A walk handed in, with steps, a problem, a need and a person called back."""
    walk = open_walk(cast, problems=1)
    intake.add_need(walk=walk, actor=cast.principal, subject="citizen", content="希望周六开窗")
    step = walk.steps.first()
    personal.note(step, name="王先生", phone="13912345678")
    step.save(update_fields=["person_digest"])
    for draft in walk.issues.all():
        facts = {"description": draft.description, "stage": draft.stage, "category": "业务办理"}
        intake.classify(issue=draft, actor=cast.liaison, department=cast.unit, **facts)
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    intake.sign_walk(walk=walk, actor=cast.principal, now=NOON)
    intake.report_walk(walk=walk, actor=cast.principal, now=NOON)
    return walk


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("sql", CHANGES)
def test_no_statement_changes_what_was_signed(signed, sql):
    with pytest.raises(DatabaseError, match=r"never changes|append-only"):
        run(sql)


def test_a_row_is_not_replaced_either(signed):
    if connection.vendor != "sqlite":
        sql = "INSERT INTO walks_step SELECT * FROM walks_step LIMIT 1 ON CONFLICT (id) DO UPDATE SET note = 'x'"
    else:
        sql = "INSERT OR REPLACE INTO walks_participant SELECT * FROM walks_participant LIMIT 1"
    with pytest.raises(DatabaseError, match="never changes"):
        run(sql)


def test_a_walk_sent_back_opens_again_and_its_signature_falls(cast, signed):
    lifecycle.perform(walk=signed, action="send_back", actor=cast.lead, data={"reason": "请补充"}, now=NOON)
    step = signed.steps.first()
    type(step).objects.filter(pk=step.pk).update(note="补充后的经过")
    signed.refresh_from_db()
    assert (signed.state, signed.signed_digest, signed.signer_name) == ("returned", "", "")


def test_a_person_is_erased_and_the_signature_still_holds(cast, signed):
    step = signed.steps.first()
    assert (step.person, step.phone) == ("王先生", "139****5678")
    personal.erase(step=step, actor=cast.sysadmin, reason="保存期满")
    step = signed.steps.first()
    assert (step.person, step.phone, step.is_person_erased) == ("", "", True)
    assert broken_signatures() == []
    assert AuditEntry.objects.get(action="walk.person_erased").detail["reason"] == "保存期满"


def test_the_command_erases_the_people_of_a_walk_once_with_a_reason(cast, signed, capsys):
    given = {"walk": str(signed.pk), "reason": "本人申请", "username": "office"}
    for changed, words in (
        ({"walk": "abc"}, "没有编号为“abc”的体验"),
        ({"username": "nobody"}, "没有用户“nobody”"),
        ({"name": "李女士"}, "没有可清除的“李女士”的个人信息"),
        ({"reason": " "}, "请写明清除个人信息的原因"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("erase_people", **(given | changed))
    call_command("erase_people", **given, name="王先生")
    assert capsys.readouterr().out == "已清除 1 条个人信息。\n"
    [left] = AuditEntry.objects.filter(action="walk.person_erased")
    assert (left.actor_id, left.object_key) == (cast.office.pk, str(signed.pk))
    assert "王先生" not in str(left.detail)
    assert not StepPerson.objects.exclude(name="", phone="", salt="").exists()
    assert broken_signatures() == []
    with pytest.raises(CommandError, match="没有可清除的个人信息，或已经清除"):
        call_command("erase_people", **given)


def test_the_people_of_another_walk_and_of_another_name_are_kept(cast, signed):
    other = open_walk(cast)
    do_components(cast, other, callbacks=2)

    def kept(walk) -> list[str]:
        rows = StepPerson.objects.filter(step__walk=walk).exclude(name="").order_by("id")
        return list(rows.values_list("name", flat=True))

    *named, meeting = kept(other)
    assert named == ["群众0", "群众1"]
    assert personal.erase_of_walk(walk=other, actor=cast.office, reason="本人申请", name="群众0") == 1
    assert kept(other) == ["群众1", meeting]
    Walk.objects.filter(pk=other.pk).update(is_covert=True)
    assert personal.erase_of_walk(walk=other, actor=cast.office, reason="保存期满") == 2
    assert (kept(other), kept(signed)) == ([], ["王先生"])
    written = AuditEntry.objects.filter(action="walk.person_erased").order_by("id")
    assert list(written.values_list("chain", flat=True)) == ["open", "covert", "covert"]


def past_the_triggers(sql: str) -> None:
    """What somebody with the database's own rights could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name LIKE 'walks_%%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)


def test_a_change_past_the_triggers_is_found_at_night_and_by_the_command(cast, signed, capsys):
    assert check_signatures() == 0
    assert audit.last_signature_check() == (audit.last_signature_check()[0], 0)
    call_command("verify_audit")
    past_the_triggers("UPDATE walks_step SET note = 'x'")
    assert [walk.pk for walk in broken_signatures()] == [signed.pk]
    assert check_signatures() == 1
    assert audit.last_signature_check()[1] == 1
    assert AuditEntry.objects.get(action="walk.signature_broken").object_key == str(signed.pk)
    with pytest.raises(CommandError, match=f"签字后内容被改动的体验 1 条：{signed.pk}"):
        call_command("verify_audit")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE issues_issue SET found_on = '2020-01-01'",
        "UPDATE issues_issue SET item_id = NULL",
        "UPDATE issues_issue SET discovering_department_id = lead_department_id",
    ],
)
def test_the_facts_of_a_problem_are_part_of_the_signature(signed, sql):
    with without_triggers("issues_issue"):
        run(sql)
    assert [walk.pk for walk in broken_signatures()] == [signed.pk]


def test_a_signature_written_anew_by_hand_is_found_by_the_audit(signed):
    past_the_triggers("UPDATE walks_step SET note = 'x'")
    Walk.objects.filter(pk=signed.pk).update(signed_digest=content_digest(signed))
    assert [walk.pk for walk in broken_signatures()] == [signed.pk]


def test_two_signatures_cost_no_more_queries_than_one(cast, signed, django_assert_num_queries):
    reported_walk(cast)
    assert Walk.objects.exclude(signed_digest="").count() == 2
    with django_assert_num_queries(11):
        assert broken_signatures() == []
