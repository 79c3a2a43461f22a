"""Access to what the API writes, beside that of the pages: the same people, the same answers.

Without an ``Idempotency-Key`` a request of somebody who may act is refused in words (400); who may not act is told so
before (403). No object of its own: those of the other areas.
"""

from tests.access.policy import (
    FRESH_ISSUE,
    JOB,
    READERS,
    REPORT,
    REPORTED,
    STAFF,
    THERE_READERS,
    UNIT,
    WALK,
    Access,
    Row,
    api,
    give,
    only,
)

NAMESAKE = ("namesake",)
WRITERS = (UNIT, NAMESAKE)
RECEIVE = (("lead", "office"), ("office_other_county",))
NEW = api(Access(give(200, *UNIT, *NAMESAKE), rest=403)), api(Access(give(400, *UNIT, *NAMESAKE), rest=403))


def form(kind: str, seen: Access, writers: tuple = WRITERS, **extra: str) -> Row:
    """A form over an object: of those who see it ``writers`` may fill it in."""
    return Row(kind, extra=extra, get=api(only(seen, 200, *writers)), post=api(only(seen, 400, *writers)))


ROWS: dict[str, Row] = {
    "api-walk-start": Row(get=NEW[0], post=NEW[1]),
    "api-walk-content": Row("walk", get=api(WALK)),
    "api-walk-content:reported": Row("reported", get=api(REPORTED)),
    "api-walk-content:covert": Row("covert", get=api(Access(give(200, "principal")))),
    "api-step-add": form("walk", WALK),
    "api-step-add:covert": Row(
        "covert", get=api(Access(give(409, "principal"))), post=api(Access(give(409, "principal")))
    ),
    "api-step-edit": form("step", WALK),
    "api-step-withdraw": form("step", WALK),
    "api-component-add": form("part", WALK),
    "api-component-edit": form("component_step", WALK),
    "api-walk-waiting": form("walk", WALK),
    "api-problem-add": form("walk", WALK),
    "api-problem-edit": form("problem", WALK),
    "api-problem-withdraw": form("problem", WALK),
    "api-need-add": form("walk", WALK),
    "api-walk-complete": form("walk", WALK),
    "api-walk-act:record": form("walk", WALK, act="record"),
    # In a session; a token never signs.
    "api-walk-act:sign": form("recorded", WALK, (("principal",), ()), act="sign"),
    "api-walk-act:accept": form("reported", REPORTED, RECEIVE, act="accept"),
    "api-plan-start": Row(get=NEW[0], post=NEW[1]),
    "api-plan-edit": form("plan", WALK),
    "api-plan-act:submit": form("plan", WALK, act="submit"),
    "api-plan-act:file": form("plan_submitted", REPORTED, RECEIVE, act="file"),
    "api-plan-notice": form("plan_row", REPORTED),
    "api-plan-row-start": form("plan_row", REPORTED),
    "api-issue-act": form("issue", FRESH_ISSUE, act="take"),
    "api-issue-act:assign": form("issue", FRESH_ISSUE, RECEIVE, act="assign"),
    # Small: at once, and nothing is asked for.
    "api-issues-export": Row(get=api(Access(rest=200)), post=api(Access(give(400, *STAFF)))),
    "api-file": Row("file", get=api(WALK)),
    "api-period-compile": form("report", REPORT, (("office",), ("office_other_county",))),
    # Who receives from a unit has what was sent, not the unit's own material.
    "api-period-pack": Row(
        "report",
        get=api(Access(give(200, *UNIT, *READERS), give(200, *NAMESAKE, *THERE_READERS))),
        post=api(Access(give(400, *UNIT, *READERS), give(400, *NAMESAKE, *THERE_READERS))),
    ),
    "api-period-statistics": Row("report", get=api(REPORT)),
    "api-period-paper": Row("report", extra={"kind": "three-lists"}, get=api(REPORT)),
    "api-job-file": Row("job", get=api(JOB)),
    "api-job-cancel": Row("job", post=api(JOB)),
}  # fmt: skip
ABSENT: dict[str, dict] = {}


def objects(cast) -> dict[str, dict]:
    """None of its own."""
    return {}
