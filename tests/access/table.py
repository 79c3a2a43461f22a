"""One row for every route (``name``, or ``name:case`` for one route asked for in several ways).

The routes of campaigns stand in ``tests/access/campaigns/``, an area a module.
"""

from tests.access.areas import AREAS
from tests.access.policy import (
    EVERYONE,
    FRESH_ISSUE,
    JOB,
    PUBLIC,
    READERS,
    REGION,
    REPORT,
    REPORTED,
    STAFF,
    SUMMARY,
    THERE,
    THERE_READERS,
    UNIT,
    WALK,
    WORKED_ON,
    Access,
    Row,
    api,
    give,
    only,
    page,
)

NAMESAKE = ("namesake",)
TEMPLATE = Row(
    "report",
    extra={"kind": "month-report"},
    get=only(REPORT, 200, ("office",), ("office_other_county",)),
    post=only(REPORT, 400, ("office",), ("office_other_county",)),
)
FORM = Row("walk", get=WALK, post=only(WALK, 400, UNIT, NAMESAKE))


POLICY: dict[str, Row] = {
    # open to all
    "healthz": Row(get=PUBLIC),
    "readyz": Row(get=PUBLIC),
    "login": Row(get=PUBLIC, post=PUBLIC),
    # Gone once there is an administrator.
    "start": Row(get=Access(visitor=404), post=Access(visitor=404)),
    # everybody signed in
    "logout": Row(post=Access(rest=302)),
    "password": Row(get=EVERYONE, post=EVERYONE),
    # Who only reads begins with the overview.
    "home": Row(get=Access(give(302, "supervisor"), rest=200)),
    "notices": page(),
    "notices_export": page(),
    "notices_read": Row(post=Access(rest=302)),
    # the three administrators
    "people_unmask": Row(get=Access(give(200, "sysadmin", "secadmin")), post=Access(give(400, "sysadmin", "secadmin"))),
    "people": Row(get=Access(give(200, "sysadmin", "secadmin"))),
    "retention": Row(get=Access(give(200, "secadmin")), post=Access(give(400, "secadmin"))),
    "system": Row(get=Access(give(200, "sysadmin"))),
    "audit": Row(get=Access(give(200, "auditor"))),
    "audit_export": Row(get=Access(give(200, "auditor"))),
    "audit_verify": Row(post=Access(give(302, "auditor"))),
    # walks
    "walks": page(),
    "walks_export": page(),
    "walks_here": page(),
    "walks_here_export": page(),
    "walk_start": Row(
        get=Access(give(200, *UNIT, *NAMESAKE), rest=403), post=Access(give(400, *UNIT, *NAMESAKE), rest=403)
    ),
    "walk": Row("walk", get=WALK),
    "walk:reported": Row("reported", get=REPORTED),
    # A walk that is not signed yet has no paper: refused in words.
    "walk_paper:walk": Row("walk", extra={"kind": "walk-record"}, get=only(WALK, 400, UNIT, NAMESAKE)),
    "walk_paper:reported": Row("reported", extra={"kind": "walk-report"}, get=REPORTED),
    "walk_step_add": FORM,
    "walk_step_edit": Row("step", get=FORM.get, post=FORM.post),
    "walk_component_add": Row("part", get=FORM.get, post=FORM.post),
    "walk_component_edit": Row("component_step", get=FORM.get, post=FORM.post),
    "walk_waiting": Row("walk", post=only(WALK, 302, UNIT, NAMESAKE)),
    "walk_problem_add": FORM,
    "walk_problem": Row("problem", get=FORM.get, post=FORM.post),
    "walk_need_add": FORM,
    "walk_complete": FORM,
    "walk_act:sign": Row(
        "recorded",
        extra={"verb": "sign"},
        get=only(WALK, 200, ("principal",)),
        post=only(WALK, 400, ("principal",)),
    ),
    "walk_act:accept": Row(
        "reported",
        extra={"verb": "accept"},
        get=only(REPORTED, 200, ("lead", "office"), ("office_other_county",)),
        post=only(REPORTED, 400, ("lead", "office"), ("office_other_county",)),
    ),
    # the ledger
    "issues": page(),
    "issues_bulk": Row(
        extra={"action": "assign"},
        get=Access(give(200, "lead", "office", "office_city", "office_other_county"), rest=403),
        post=Access(give(400, "lead", "office", "office_city", "office_other_county"), rest=403),
    ),
    # Whoever made the change, nobody else.
    "issues_change": Row("bulk_change", get=Access(give(200, "office"), give(200, "office_other_county"))),
    # People with a post, each what the own unit and office share.
    "issues_views": Row(get=Access(give(200, *STAFF))),
    "issues_view_add": Row(extra={"kind": "filter"}, get=Access(give(200, *STAFF)), post=Access(give(400, *STAFF))),
    # The supervisor works in the same unit: may use what it shares, not change it.
    "issues_view": Row(
        "saved_view",
        get=Access(give(200, "office") | give(403, "supervisor"), give(200, "office_other_county")),
        post=Access(give(400, "office") | give(403, "supervisor"), give(400, "office_other_county")),
    ),
    "issues_view_remove": Row(
        "saved_view",
        get=Access(give(200, "office") | give(403, "supervisor"), give(200, "office_other_county")),
        post=Access(give(400, "office") | give(403, "supervisor"), give(400, "office_other_county")),
    ),
    "issues_columns": Row(post=Access(give(400, *STAFF))),
    "issues_export": Row(get=EVERYONE, post=EVERYONE),
    "export_releases": Row(get=Access(give(200, "office", "office_other_county", "office_city"))),
    "export_releases_export": Row(get=Access(give(200, "office", "office_other_county", "office_city"))),
    # Of those who may release, not the one who asked.
    "export_release": Row(
        "held_export",
        get=Access(give(200, "office", "office_city"), give(200, "office_other_county", "office_city")),
        post=Access(give(400, "office", "office_city"), give(400, "office_other_county", "office_city")),
    ),
    "issue": Row("issue", get=FRESH_ISSUE),
    # Not struck off yet: refused in words.
    "issue_pack": Row("issue", get=Access(give(400, *FRESH_ISSUE.own), give(400, *THERE))),
    "issue_unmask": Row("issue", get=FRESH_ISSUE, post=Access(give(400, *FRESH_ISSUE.own), give(400, *THERE))),
    "issue:worked_on": Row("worked_on", get=WORKED_ON),
    "issue_act:take": Row(
        "issue",
        extra={"action": "take"},
        get=only(FRESH_ISSUE, 200, UNIT, NAMESAKE),
        post=only(FRESH_ISSUE, 400, UNIT, NAMESAKE),
    ),
    "issue_act:assign": Row(
        "issue",
        extra={"action": "assign"},
        get=only(FRESH_ISSUE, 200, ("lead", "office"), ("office_other_county",)),
        post=only(FRESH_ISSUE, 400, ("lead", "office"), ("office_other_county",)),
    ),
    "file": Row("file", get=WALK),
    "file_thumb": Row("file", get=WALK),
    # the month
    "reports": page(),
    "regions": Row(get=Access(give(200, *READERS, *THERE_READERS))),
    "regions_export": Row(get=Access(give(200, *READERS, *THERE_READERS))),
    "overview": Row("campaign", get=REPORT),
    "overview_export": Row("campaign", get=REPORT),
    "report": Row("report", get=REPORT),
    "report_compile": Row("report", post=only(REPORT, 302, ("office",), ("office_other_county",))),
    "report_rows": Row("report", extra={"figure": "issues_found"}, get=REPORT),
    "report_rows_export": Row("report", extra={"figure": "issues_found"}, get=REPORT),
    "report_f9": Row("report", get=REPORT),
    "report_publish": Row(
        "report",
        get=only(REPORT, 200, ("office",), ("office_other_county",)),
        post=only(REPORT, 400, ("office",), ("office_other_county",)),
    ),
    "published": Row("published", get=SUMMARY),
    "published_compare": Row("published", get=SUMMARY),
    "published_compare_export": Row("published", get=SUMMARY),
    "published_file": Row("published", extra={"kind": "three-lists"}, get=SUMMARY),
    # Who receives from a unit has what was sent, not the unit's own material; the office names the unit first.
    "report_pack": Row("report", get=Access(give(200, *UNIT, *READERS), give(200, *THERE))),
    "report_pack_make": Row(
        "report",
        post=Access({**give(302, *UNIT), **give(400, *READERS)}, {**give(302, *NAMESAKE), **give(400, *THERE_READERS)}),
    ),
    "paper_text": Row(
        "report",
        extra={"kind": "month-report"},
        get=only(REPORT, 200, ("office",), ("office_other_county",)),
        post=only(REPORT, 400, ("office",), ("office_other_county",)),
    ),
    "own_template": TEMPLATE,
    "own_template_sample": Row("report", extra={"kind": "month-report"}, get=TEMPLATE.get),
    "own_template_drop": Row("report", extra={"kind": "month-report"}, post=TEMPLATE.post),
    "own_template_version": Row("own_template", get=TEMPLATE.get, post=TEMPLATE.post),
    "own_template_preview": Row("own_template", get=TEMPLATE.get),
    "own_template_pdf": Row("own_template", post=only(REPORT, 302, ("office",), ("office_other_county",))),
    "paper": Row("report", extra={"kind": "three-lists"}, get=REPORT),
    "paper_pdf": Row(
        "report",
        extra={"kind": "three-lists"},
        post=Access(dict.fromkeys(REPORT.own, 302), dict.fromkeys(REPORT.other, 302)),
    ),
    "job": Row("job", get=JOB),
    "job_status": Row("job", get=JOB),
    "job_file": Row("job", get=JOB),
    "job_cancel": Row("job", post=only(JOB, 302, ("office",), ("office_other_county",))),
    # API
    "api-schema": Row(get=api(EVERYONE)),
    "api-region-list": Row(get=api(EVERYONE)),
    "api-region-detail": Row("region", get=api(REGION)),
    "api-department-list": Row(get=api(EVERYONE)),
    "api-department-detail": Row("department", get=api(REGION)),
    "api-item-list": Row(get=api(EVERYONE)),
    "api-item-detail": Row("item", get=api(REGION)),
    "api-campaign-list": Row(get=api(EVERYONE)),
    "api-campaign-detail": Row("campaign", get=api(REGION)),
    "api-walk-list": Row(get=api(EVERYONE)),
    "api-walk-detail": Row("walk", get=api(WALK)),
    "api-walk-detail:reported": Row("reported", get=api(REPORTED)),
    "api-issue-list": Row(get=api(EVERYONE)),
    "api-issue-detail": Row("issue", get=api(FRESH_ISSUE)),
    "api-issue-measures": Row("issue", get=api(FRESH_ISSUE)),
    "api-issue-events": Row("issue", get=api(FRESH_ISSUE)),
    "api-summary-list": Row(get=api(EVERYONE)),
    "api-summary-detail": Row("summary", get=api(SUMMARY)),
    "api-job-list": Row(get=api(EVERYONE)),
    "api-job-detail": Row("job", get=api(JOB)),
    **{name: row for area in AREAS for name, row in area.ROWS.items()},
}
