"""A new page, action or act on a walk is looked at too: scripts/shots.py has a picture of each."""

import importlib
import re
import sys

from django.conf import settings
from django.urls import URLResolver, get_resolver

from issues.forms.actions import ACTION_FORMS
from issues.views.walk_acts import ACTS
from walkthrough.context import STAFF_NAV

NO_STAFF = ("", "xitong", "anquan", "shenji")
OF_THE_HEADER = {"password", "items", "help", "suggestion", "tokens", "token"}
NO_PAGE = {
    "healthz": "text for monitoring",
    "readyz": "JSON for monitoring",
    "logout": "a form's address",
    "notices_read": "a form's address",
    "campaign_deadline": "a form's address",
    "campaign_discard": "a form's address",
    "walk_begin": "a form's address; ends on the page of the walk",
    "report_compile": "a form's address; ends on the page of the job",
    "job_cancel": "a form's address",
    "job_status": "JSON",
    "audit_verify": "a form's address",
    "public_picture": "a picture",
    "public_shown": "a picture",
    "board_export": "a workbook",
    "export_releases_export": "a workbook",
    "look_back_requests_export": "a workbook",
    "pool_export": "a workbook",
    "suggestions_export": "a workbook",
    "contacts": "a workbook",
    "board_walks_export": "a workbook",
    "coverage_export": "a workbook",
    "overview_export": "a workbook",
    "published_compare_export": "a workbook",
    "items_export": "a workbook",
    "pool_remove": "a form's address",
    "calendar_day_remove": "a form's address",
    "walks_export": "a workbook",
    "walks_here_export": "a workbook",
    "draws_export": "a workbook",
    "plans_export": "a workbook",
    "report_rows_export": "a workbook",
    "board_plans_export": "a workbook",
    "imports_export": "a workbook",
    "import_batch_export": "a workbook",
    "notices_export": "a workbook",
    "roles_export": "a workbook",
    "audit_export": "a workbook",
    "issue_pack": "a file",
    "channel_test": "a form's address",
    "delivery_again": "a form's address",
    "deliveries_export": "a workbook",
    "token_end": "a form's address",
    "issues_columns": "a form's address",
    "issues_view_remove": "a form's address",
    "file": "a picture",
    "file_thumb": "a picture",
    "job_file": "a workbook",
    "report_f9": "a workbook",
    "submissions_export": "a workbook",
    "submissions_bulk": "a form's address",
    "needs_export": "a workbook",
    "extensions_export": "a workbook",
    "practices_export": "a workbook",
    "chases_export": "a workbook",
    "enquiries_export": "a workbook",
    "look_backs_export": "a workbook",
    "walk_look_back": "the demonstration binds no walk to an issue",
    "look_back_start": "no issue of the demonstration is looked back on by the person who found it",
    "slips_export": "a workbook",
    "slip_proposals_export": "a workbook",
    "inspections_export": "a workbook",
    "paper": "a paper as a file",
    "paper_pdf": "a form's address; ends on the page of the job",
    "published_file": "a paper as a file",
    "submission_paper": "a paper as a file",
    "walk_paper": "a paper as a file",
    "issue_letter": "a paper as a file",
    "report_pack_make": "a form's address; ends on the page of the job",
    "own_template_sample": "a template as a file",
    "own_template_preview": "a paper as a file",
    "own_template_pdf": "a form's address; ends on the page of the job",
    "own_template_drop": "a form's address",
    "hotline_save": "a form's address",
    "hotline_export": "a workbook",
    "plan_start": "a form's address; ends in the grid",
    "plan_row_start": "a form's address; ends on the page of the walk",
    "plan_notice": "the demonstration's campaign asks for no notice before a walk",
    "plan_template": "a workbook",
    "plan_letter": "a paper as a file",
    "plan_notice_letter": "a paper as a file",
    "plan_export": "a workbook",
    "regions_export": "a workbook",
    "score_f13": "a workbook",
    "public_act": "the demonstration's campaign makes nothing public",
    "public_place": "the demonstration's campaign makes nothing public",
    "public_strike": "the demonstration's campaign makes nothing public",
    "public_page": "the demonstration's campaign makes nothing public",
    "public_file": "a workbook",
    "public_export": "a workbook",
    "unit_changes_export": "a workbook",
    "unit_change": "needs a change of units, and the demonstration's units stay as they are",
    "hand_over": "needs a hand-over, and the demonstration's people stay where they are",
    "start": "exists only while nobody has an account",
    "export_release": "needs an export that somebody else asked for",
}


def table():
    folder = str(settings.BASE_DIR / "scripts")
    sys.path.insert(0, folder)
    try:
        return importlib.import_module("shots").SHOTS
    finally:
        sys.path.remove(folder)


def routes(patterns) -> set[str]:
    names = set()
    for pattern in patterns:
        names |= routes(pattern.url_patterns) if isinstance(pattern, URLResolver) else {pattern.name}
    return {name for name in names if not name.startswith("api-")}


def test_every_page_has_a_picture():
    shown = {shot.route for shot in table() if shot.route}
    assert shown | set(NO_PAGE) == routes(get_resolver().url_patterns)


def test_every_action_on_an_issue_and_every_act_on_a_walk_has_a_picture():
    links = [shot.link + shot.then for shot in table()]
    for name in (*ACTION_FORMS, *ACTS):
        assert any(re.search(rf"/{name}/$", link) for link in links), name


def test_picture_names_are_told_apart():
    names = [shot.name for shot in table()]
    assert len(names) == len(set(names))


def test_every_page_of_the_staff_stands_under_an_entry_of_the_navigation():
    marked = {group for *_, groups in STAFF_NAV for group in groups}
    staff = {shot.route.split("_")[0] for shot in table() if shot.route and shot.who not in NO_STAFF}
    assert staff - marked == OF_THE_HEADER
