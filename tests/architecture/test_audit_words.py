"""Every action that enters the audit is shown in words."""

import ast
import re
from collections.abc import Iterator
from typing import get_args

from accounts.audit_words import FACTS, PAPERS, in_words
from accounts.tables import ACTIONS, OBJECTS
from accounts.views import unmask
from campaigns.views import contacts
from issues.domain.needs import transitions as needs
from issues.domain.slips import transitions as slips
from issues.domain.transitions import TABLE
from plans.domain import transitions as plans
from reports.documents import issue_letters, plan_letters, unit_pack
from reports.documents.registry import PAPERS as REGISTRY
from reports.documents.walk_papers import WALK_PAPERS
from reports.domain.queries import ReportScope
from reports.domain.submissions import transitions as submissions
from reports.enums import SubmissionContent
from tests.architecture.imports import sources, tree


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
    kinds = written(r'object_type="([a-z]+)"') | {unmask.PEOPLE, contacts.KEY}
    assert kinds
    assert kinds - set(OBJECTS) == set()


def told(node: ast.AST) -> Iterator[str]:
    """The names of what a value tells, where it is written out: a dictionary, or several in one."""
    if isinstance(node, ast.Dict):
        yield from (key.value for key in node.keys if isinstance(key, ast.Constant))
    elif isinstance(node, ast.BinOp):
        yield from (*told(node.left), *told(node.right))
    elif isinstance(node, ast.IfExp):
        yield from (*told(node.body), *told(node.orelse))


# Functions that hand a dictionary on to the audit as its detail.
PASS_ON = ("_audit", "_note", "note", "_record")


def test_every_fact_written_to_the_audit_has_words():
    facts = set()
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if "audit.record" not in text and " import note" not in text:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.keyword) and node.arg == "detail":
                facts |= set(told(node.value))
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in PASS_ON:
                facts |= {fact for given in node.args for fact in told(given)}
            elif isinstance(node, ast.Assign | ast.AugAssign):
                names = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(name, ast.Name) and name.id == "detail" for name in names):
                    facts |= set(told(node.value))
    assert len(facts) > 40, "a rule that reads nothing passes"
    assert facts - set(FACTS) == set()


def test_every_paper_has_its_words():
    labels = {key: paper.label for key, paper in (REGISTRY | WALK_PAPERS).items()}
    labels |= plan_letters.LABELS | issue_letters.LABELS | {unit_pack.KEY: unit_pack.LABEL}
    assert {key: PAPERS.get(key) for key in labels} == labels
    assert in_words({"paper": "lead/month-report", "successor": "zhou"}) == [
        "材料：牵头单位·工作总结",
        "接任人账号：zhou",
    ]


def test_every_code_of_a_fact_has_its_words():
    for scope in get_args(ReportScope.__annotations__["kind"]):
        assert re.search("[a-z]", "".join(in_words({"scope": scope}))) is None
    assert [in_words({"content": one.value}) for one in SubmissionContent] == [
        [f"报送内容：{one.label}"] for one in SubmissionContent
    ]
    assert in_words({"period": "all"}) == ["期间：全程"]
    assert in_words({"scope": "青禾县/石桥镇"}) == ["范围：青禾县/石桥镇"]
