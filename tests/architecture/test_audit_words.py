"""Every action that enters the audit is shown in words."""

import re

from accounts.tables import ACTIONS, OBJECTS, PAPERS, in_words
from issues.domain.needs import transitions as needs
from issues.domain.slips import transitions as slips
from issues.domain.transitions import TABLE
from plans.domain import transitions as plans
from reports.documents.registry import PAPERS as REGISTRY
from reports.domain.submissions import transitions as submissions
from tests.architecture.imports import sources


def written(pattern: str) -> set[str]:
    return {found for path in sources() for found in re.findall(pattern, path.read_text(encoding="utf-8"))}


def test_every_action_written_to_the_audit_has_words():
    actions = written(r'action="([a-z]+\.[a-z_]+)"') | {f"issue.{row.action}" for row in TABLE}
    actions |= {f"plan.{plans.EVENT_KINDS[action]}" for action, row in plans.TABLE.by_action.items() if row.title}
    actions |= {f"submission.{row.action}" for row in submissions.TABLE}
    actions |= {f"need.{row.action}" for row in needs.TABLE if row.title}
    actions |= {f"slip.{row.action}" for row in slips.TABLE if row.title}
    assert actions
    assert actions - set(ACTIONS) == set()


def test_every_kind_of_object_has_words():
    kinds = written(r'object_type="([a-z]+)"')
    assert kinds
    assert kinds - set(OBJECTS) == set()


def test_every_paper_has_its_words():
    assert {key: PAPERS.get(key) for key in REGISTRY} == {key: paper.label for key, paper in REGISTRY.items()}
    assert in_words({"paper": "lead/month-report", "successor": "zhou"}) == [
        "材料：牵头单位·工作总结",
        "接任人账号：zhou",
    ]
