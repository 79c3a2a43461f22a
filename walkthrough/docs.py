"""Documents written from the code: ``docs/state-machines.md`` and ``docs/ledger-columns.md``.

``manage.py write_docs`` writes them; ``--check`` and a test say when one is stale.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from django.db.models import TextChoices

from campaigns.domain import guards as campaign_guards
from campaigns.domain import transitions as campaign_transitions
from campaigns.enums import CampaignActor, CampaignState
from core.transitions import Table, Transition
from issues import columns
from issues.domain import guards as issue_guards
from issues.domain import transitions as issue_transitions
from issues.domain.enquiries import guards as enquiry_guards
from issues.domain.enquiries import transitions as enquiry_transitions
from issues.domain.extensions import guards as extension_guards
from issues.domain.extensions import transitions as extension_transitions
from issues.domain.lookback import guards as look_back_guards
from issues.domain.lookback import transitions as look_back_transitions
from issues.domain.needs import guards as need_guards
from issues.domain.needs import transitions as need_transitions
from issues.domain.slips import guards as slip_guards
from issues.domain.slips import transitions as slip_transitions
from issues.enums import (
    Actor,
    EnquiryActor,
    EnquiryState,
    ExtensionState,
    IssueState,
    LookBackActor,
    LookBackState,
    NeedActor,
    NeedState,
    ReplyState,
    SlipState,
)
from plans.domain import guards as plan_guards
from plans.domain import transitions as plan_transitions
from plans.enums import PlanActor, PlanState
from reports.domain.public_sheet import guards as public_guards
from reports.domain.public_sheet import transitions as public_transitions
from reports.domain.submissions import guards as submission_guards
from reports.domain.submissions import transitions as submission_transitions
from reports.enums import PublicActor, PublicState, SubmissionActor, SubmissionState
from scoring.domain import guards as score_guards
from scoring.domain import transitions as score_transitions
from scoring.enums import ScoreActor, ScoreState
from walks.domain import guards as walk_guards
from walks.domain import transitions as walk_transitions
from walks.enums import WalkActor, WalkState

WRITTEN_BY = "<!-- Written by `manage.py write_docs`; do not edit. -->"


@dataclass(frozen=True)
class Machine:
    """A state machine to document. ``guards``: the module with the functions that the rows name as guards;
    ``initial``: the state in which a record comes into being; ``other_initials``: others in which it may."""

    name: str
    english: str
    source: str
    table: Table
    states: type[TextChoices]
    initial: str
    actors: type[TextChoices]
    guards: ModuleType
    other_initials: tuple[str, ...] = ()


MACHINES = (
    Machine(
        name="活动",
        english="Campaign",
        source="campaigns/domain/transitions.py",
        table=campaign_transitions.TABLE,
        states=CampaignState,
        initial=CampaignState.DRAFT,
        actors=CampaignActor,
        guards=campaign_guards,
    ),
    Machine(
        name="问题",
        english="Issue",
        source="issues/domain/transitions.py",
        table=issue_transitions.TABLE,
        states=IssueState,
        initial=IssueState.DRAFT,
        actors=Actor,
        guards=issue_guards,
    ),
    Machine(
        name="体验",
        english="Walk",
        source="walks/domain/transitions.py",
        table=walk_transitions.TABLE,
        states=WalkState,
        initial=WalkState.IN_PROGRESS,
        actors=WalkActor,
        guards=walk_guards,
        other_initials=(WalkState.PLANNED,),
    ),
    Machine(
        name="计划",
        english="Plan",
        source="plans/domain/transitions.py",
        table=plan_transitions.TABLE,
        states=PlanState,
        initial=PlanState.DRAFT,
        actors=PlanActor,
        guards=plan_guards,
    ),
    Machine(
        name="延期申请",
        english="Extension",
        source="issues/domain/extensions/transitions.py",
        table=extension_transitions.TABLE,
        states=ExtensionState,
        initial=ExtensionState.ASKED,
        actors=Actor,
        guards=extension_guards,
    ),
    Machine(
        name="举一反三征询",
        english="Enquiry",
        source="issues/domain/enquiries/transitions.py",
        table=enquiry_transitions.ENQUIRY,
        states=EnquiryState,
        initial=EnquiryState.OPEN,
        actors=EnquiryActor,
        guards=enquiry_guards,
    ),
    Machine(
        name="举一反三答复",
        english="Enquiry reply",
        source="issues/domain/enquiries/transitions.py",
        table=enquiry_transitions.REPLY,
        states=ReplyState,
        initial=ReplyState.WAITING,
        actors=EnquiryActor,
        guards=enquiry_guards,
    ),
    Machine(
        name="回头看体验",
        english="Look-back",
        source="issues/domain/lookback/transitions.py",
        table=look_back_transitions.TABLE,
        states=LookBackState,
        initial=LookBackState.BOUND,
        actors=LookBackActor,
        guards=look_back_guards,
    ),
    Machine(
        name="督办单",
        english="Slip",
        source="issues/domain/slips/transitions.py",
        table=slip_transitions.TABLE,
        states=SlipState,
        initial=SlipState.ISSUED,
        actors=Actor,
        guards=slip_guards,
    ),
    Machine(
        name="需求",
        english="Need",
        source="issues/domain/needs/transitions.py",
        table=need_transitions.TABLE,
        states=NeedState,
        initial=NeedState.NOTED,
        actors=NeedActor,
        guards=need_guards,
    ),
    Machine(
        name="报送",
        english="Submission",
        source="reports/domain/submissions/transitions.py",
        table=submission_transitions.TABLE,
        states=SubmissionState,
        initial=SubmissionState.TO_SEND,
        actors=SubmissionActor,
        guards=submission_guards,
    ),
    Machine(
        name="评分申诉",
        english="Score objection",
        source="scoring/domain/transitions.py",
        table=score_transitions.OBJECTION,
        states=ScoreState,
        initial=ScoreState.OPEN,
        actors=ScoreActor,
        guards=score_guards,
    ),
    Machine(
        name="人工评定",
        english="Score note",
        source="scoring/domain/transitions.py",
        table=score_transitions.NOTE,
        states=ScoreState,
        initial=ScoreState.OPEN,
        actors=ScoreActor,
        guards=score_guards,
    ),
    Machine(
        name="向社会公开",
        english="Public sheet",
        source="reports/domain/public_sheet/transitions.py",
        table=public_transitions.TABLE,
        states=PublicState,
        initial=PublicState.ASKED,
        actors=PublicActor,
        guards=public_guards,
    ),
)


def documents() -> dict[str, str]:
    """{path below the project: its text} of every generated document."""
    return {
        "docs/state-machines.md": state_machines(MACHINES),
        "docs/ledger-columns.md": ledger_columns(),
    }


def stale(root: Path) -> list[str]:
    """The generated documents below ``root`` that are missing or differ from what the code says."""
    return [name for name, text in documents().items() if _read(root / name) != text]


def write(root: Path) -> list[str]:
    """Write the stale documents below ``root`` and return their paths."""
    changed = stale(root)
    texts = documents()
    for name in changed:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(texts[name], encoding="utf-8")
    return changed


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


# --- state machines -------------------------------------------------------------------------


def state_machines(machines: Iterable[Machine]) -> str:
    """The document of these machines: for each a diagram, its rows and the words of its guards.

    ValueError for a guard without a docstring, AttributeError for one that does not exist.
    """
    head = f"""{WRITTEN_BY}

# 状态流转 State machines

Each machine is a table of rows (`core/transitions.py`). Buttons, permissions, addresses
of the API and tests derive from the same rows. A row without a target leaves the state as it is. Every guard must agree
before an action is carried out.
"""
    return "\n".join([head, *map(_machine, machines)])


def _machine(machine: Machine) -> str:
    states = _grid(("State", "Code"), ((state.label, f"`{state.value}`") for state in machine.states))
    head = ("Action", "Label", "From", "To", "Who", "Guards")
    rows = _grid(head, (_row(machine, row) for row in machine.table))
    used = dict.fromkeys(name for row in machine.table for name in row.guards)
    guards = _grid(("Guard", "What it asks"), ((f"`{name}`", _first_paragraph(machine.guards, name)) for name in used))
    return f"""## {machine.name} {machine.english}

Rows: `{machine.source}`. Guards: `{machine.guards.__name__}`.

```mermaid
{_diagram(machine)}
```

### {machine.name}：状态 States

{states}

### {machine.name}：操作 Actions

{rows}

### {machine.name}：条件 Guards

{guards if used else "None."}
"""


def _row(machine: Machine, row: Transition) -> tuple[str, ...]:
    return (
        f"`{row.action}`",
        row.label,
        "、".join(machine.states(state).label for state in row.sources),
        machine.states(row.target).label if row.target is not None else "（不变）",
        "、".join(machine.actors(actor).label for actor in row.actors),
        "、".join(f"`{name}`" for name in row.guards) or "—",
    )


def _first_paragraph(guards: ModuleType, name: str) -> str:
    words = (getattr(guards, name).__doc__ or "").strip()
    if not words:
        raise ValueError(f"{guards.__name__}.{name} has no docstring")
    return " ".join(words.split("\n\n")[0].split())


def _diagram(machine: Machine) -> str:
    """One arrow for each pair of states, with the labels of every action between them."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in machine.table:
        for state in row.sources:
            arrows.setdefault((state, row.target_from(state)), []).append(row.label)
    leave = {source for source, target in arrows if source != target}
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {_node(state)}' for state in machine.states]
    lines += [f"    [*] --> {_node(state)}" for state in (machine.initial, *machine.other_initials)]
    lines += [
        f"    {_node(source)} --> {_node(target)}: {'、'.join(says)}" for (source, target), says in arrows.items()
    ]
    lines += [f"    {_node(state)} --> [*]" for state in machine.states if state not in leave]
    return "\n".join(lines)


def _node(state: str) -> str:
    """An identifier that is no word of Mermaid's own."""
    return "s_" + re.sub(r"\W", "_", str(state))


# --- columns of the ledger ------------------------------------------------------------------


def ledger_columns() -> str:
    """The document of the ledger's columns, in the order of the annex."""
    head = ("Column", "Key", "Kind", "Width", "Read from", "Page", "Sorted by", "Workbook", "Fields of the API")
    rows = _grid(head, map(_column, columns.LEDGER))
    order = "、".join(column.label for column in columns.page_columns())
    more = _codes(name for name in columns.api_fields() if name not in _carried())
    return f"""{WRITTEN_BY}

# 问题台账的列 Columns of the ledger

One list, `issues/columns.py`, serves the page, the workbook, the API and this document. The order is that of the annex;
the workbook writes 序号 in front. Width: half-width characters in the workbook. A measure is read from its own table.

{rows}

Order on the page: {order}.

The API says besides: {more}.
"""


def _column(column: columns.LedgerColumn) -> tuple[str, ...]:
    return (
        column.label,
        f"`{column.key}`",
        column.kind,
        f"{column.width:g}" if column.export else "—",
        _codes(column.paths),
        "always" if column.locked else ("by default" if column.shown else "on request"),
        _codes(column.sort),
        "yes" if column.export else "no",
        _codes(column.api_names),
    )


def _carried() -> set[str]:
    return {name for column in columns.LEDGER for name in column.api_names}


def _codes(names: Iterable[str]) -> str:
    return "、".join(f"`{name}`" for name in names) or "—"
