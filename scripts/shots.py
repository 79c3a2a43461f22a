"""Which pages scripts/screenshots.py takes pictures of: as whom, how they are reached, what is done there first."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page
from shot_acts import (
    at_once,
    beside_another,
    bring_back,
    brought_in,
    compile_again,
    far_future,
    in_draft,
    left_to_acts,
    lock_out,
    more_filters,
    new_person,
    open_account,
    open_menus,
    restoring,
    send_bad_figures,
    send_figures,
    send_rows,
    stale_token,
    submit_empty,
    upload_template,
    wrong_password,
)
from shot_scores import answering, first_sheet, objection, scored
from shot_tables import (
    BAD_ITEMS,
    BAD_LEDGER,
    ITEMS,
    NEXT_LEDGER,
    OWN_LEDGER,
    PEOPLE,
    REGISTER,
    UNITS,
    UNNAMED_LEDGER,
    UNNAMED_REGISTER,
)

UUID = "[0-9a-f]{8}-[0-9a-f-]{27}"
WALK = f"/walks/{UUID}"
DRAW = "/campaigns/QH2022/look-backs/draw/"
ISSUE = "/issues/[^/?]+-[^/?]+"


@dataclass(frozen=True)
class Shot:
    """``route``: the name in the URLconf. ``path`` is opened; or the first link that fits ``link``, on ``start`` or
    anywhere, with ``then`` put behind it. ``do`` then acts on the page (press, open); ``status`` is the answer
    expected at the end."""

    name: str
    route: str
    who: str
    path: str = ""
    link: str = ""
    start: str = ""
    then: str = ""
    do: Callable[[Page], None] | None = None
    status: int = 200


def person_act(act: str, who: str) -> Shot:
    return Shot(f"person-{act}", f"person_{act}", who, link=r"/people/\d+/", start="/people/?q=lianluo", then=f"{act}/")


def rules_page(group: str) -> Shot:
    return Shot(f"campaign-rules-{group}", "campaign_rules", "tongchou", "/campaigns/", do=in_draft(f"rules/{group}/"))


# --- the table --------------------------------------------------------------------------------

STEP = rf"{WALK}/steps/{UUID}/"
COMPONENT = f"{WALK}/components"
JUNE = "/reports/QH2022/2022-06/"
SUGGESTIONS = "/help/suggestions/"
HOTLINE = "/campaigns/QH2022/hotline/"
ALL_COLUMNS = (
    "cols=number&cols=found_on&cols=source_label&cols=item_name&cols=description&cols=category&cols=lead&cols=unit"
    "&cols=person&cols=phone&cols=measures&cols=track_label&cols=due_on&cols=doing&cols=closed_on&cols=state"
)


def state(name: str, who: str = "tongchou") -> Shot:
    return Shot(f"issue-{name}", "issue", who, link=rf"{ISSUE}/", start=f"/issues/?state={name}")


def act(action: str, who: str) -> Shot:
    return Shot(f"act-{action}", "issue_act", who, link=rf"{ISSUE}/{action}/")


def walk_in(tab: str, who: str) -> Shot:
    return Shot(f"walk-{tab}", "walk", who, link=rf"{WALK}/", start=f"/walks/?tab={tab}")


def verb(name: str, who: str) -> Shot:
    return Shot(f"walk-act-{name}", "walk_act", who, link=rf"{WALK}/{name}/")


def plan(name: str, who: str, tab: str) -> Shot:
    return Shot(f"plan-{name}", "plan", who, link=r"/plans/\d+/", start=f"/plans/?tab={tab}")


def plan_act(verb: str, who: str, tab: str) -> Shot:
    start = f"/plans/?tab={tab}"
    return Shot(f"plan-act-{verb}", "plan_act", who, link=r"/plans/\d+/", start=start, then=f"act/{verb}/")


def refused(name: str, route: str, who: str, link: str, start: str, then: str, status: int) -> Shot:
    return Shot(name, route, who, link=link, start=start, then=then, status=status)


SHOTS = (
    Shot("login", "login", "", "/login/"),
    Shot("login-wrong", "login", "", "/login/", do=wrong_password),
    Shot("login-locked", "login", "", "/login/", do=lock_out, status=429),
    Shot("login-expired", "login", "", "/login/", do=stale_token, status=403),
    Shot("password", "password", "juzhang", "/password/"),
    Shot("help", "help", "lianluo", "/help/?q=暗访"),
    Shot("help-page", "help_page", "juzhang", "/help/walk/"),
    Shot("opinions", "suggestions", "xitong", SUGGESTIONS),
    Shot("opinion-add", "suggestion_add", "lianluo", f"{SUGGESTIONS}add/?about=walks"),
    Shot("opinion", "suggestion", "xitong", link=rf"{SUGGESTIONS}{UUID}/$", start=SUGGESTIONS),
    Shot("password-refused", "password", "juzhang", "/password/", do=submit_empty),
    *(
        Shot(f"home-{who}", "home", who, "/")
        for who in (
            "juzhang", "fujuzhang", "lianluo", "zerenren", "qiantou", "tongchou", "shitongchou",
            "xitong", "anquan", "shenji",
        )
    ),
    Shot("home-account-menu", "home", "juzhang", "/", do=open_account),
    Shot("walks", "walks", "juzhang", "/walks/"),
    Shot("walks-all", "walks", "juzhang", "/walks/?tab=all"),
    Shot("walks-office", "walks", "tongchou", "/walks/"),
    Shot("walks-none", "walks", "zerenren", "/walks/"),
    Shot("walk-start", "walk_start", "juzhang", "/walks/start/"),
    Shot("walk-start-open", "walk_start", "lianluo", "/walks/start/", do=open_menus),
    Shot("walk-start-none", "walk_start", "juzhang", "/walks/start/?q=没有这个事项"),
    Shot("walk-start-refused", "walk_start", "juzhang", "/walks/start/", do=submit_empty, status=400),
    walk_in("open", "juzhang"), walk_in("sign", "juzhang"), walk_in("report", "lianluo"),
    walk_in("receive", "qiantou"), walk_in("reported", "lianluo"),
    Shot("covert-add", "walk_covert_add", "juzhang", "/walks/covert/add/"),
    Shot("covert-add-refused", "walk_covert_add", "juzhang", "/walks/covert/add/", do=submit_empty, status=400),
    Shot("covert-planned", "walk", "juzhang", link=WALK + "/", start="/walks/?tab=planned"),
    Shot("covert-named", "walk", "lianluo", link=WALK + "/", start="/walks/?tab=all&q=结婚登记"),
    Shot("covert-postpone", "walk_postpone", "juzhang", link=WALK + "/", start="/walks/?tab=planned", then="postpone/"),
    Shot("covert-readers", "walk_readers", "juzhang", link=WALK + "/", start="/walks/?tab=planned", then="readers/"),
    Shot("step-add", "walk_step_add", "juzhang", link=rf"{WALK}/steps/add/"),
    Shot("step-add-refused", "walk_step_add", "juzhang", link=rf"{WALK}/steps/add/", do=far_future, status=400),
    Shot("step-edit", "walk_step_edit", "juzhang", link=STEP),
    Shot("component-add", "walk_component_add", "juzhang", link=f"{COMPONENT}/service_callback/add/"),
    Shot("component-add-check", "walk_component_add", "juzhang", link=f"{COMPONENT}/business_check/add/"),
    Shot("component-refused", "walk_component_add", "juzhang", link=f"{COMPONENT}/approval_desk/add/",
         do=submit_empty, status=400),
    Shot("component-edit", "walk_component_edit", "juzhang", link=rf"{COMPONENT}/{UUID}/"),
    Shot("problem-add", "walk_problem_add", "juzhang", link=rf"{WALK}/problems/add/"),
    Shot("problem-refused", "walk_problem_add", "juzhang", link=rf"{WALK}/problems/add/", do=submit_empty, status=400),
    Shot("problem-edit", "walk_problem", "lianluo", link=rf"{WALK}/problems/{UUID}/", do=open_menus),
    Shot("need-add", "walk_need_add", "juzhang", link=rf"{WALK}/needs/add/"),
    Shot("complete", "walk_complete", "lianluo", link=rf"{WALK}/complete/"),
    Shot("complete-refused", "walk_complete", "lianluo", link=rf"{WALK}/complete/", do=submit_empty, status=400),
    verb("sign", "juzhang"), verb("report", "lianluo"), verb("reopen", "lianluo"), verb("accept", "qiantou"),
    verb("send-back", "qiantou"), verb("cancel", "lianluo"),
    Shot("ledger", "issues", "tongchou", "/issues/"),
    Shot("ledger-all", "issues", "tongchou", "/issues/?tab=all"),
    Shot("ledger-filters", "issues", "tongchou", "/issues/?tab=all&overdue=1", do=more_filters),
    Shot("ledger-columns", "issues", "tongchou", "/issues/?tab=all", do=open_menus),
    Shot("ledger-wide", "issues", "tongchou", f"/issues/?{ALL_COLUMNS}"),
    Shot("ledger-none", "issues", "tongchou", "/issues/?tab=all&q=没有这样的问题"),
    Shot("ledger-unit", "issues", "lianluo", "/issues/"),
    Shot("ledger-owner", "issues", "zerenren", "/issues/"),
    *(state(name) for name in (
        "registered", "assigned", "disputed", "planning", "rectifying", "deferred", "referred", "closing", "closed",
        "verified", "merged", "dismissed",
    )),
    Shot("ledger-unheld", "issues", "tongchou", "/issues/?tab=unheld"),
    Shot("saved", "issues_views", "tongchou", "/issues/views/"),
    Shot("saved-filter", "issues_view_add", "tongchou", "/issues/views/add/filter/?list=state%3Dopen%26overdue%3D1"),
    Shot("saved-columns", "issues_view_add", "tongchou", "/issues/views/add/columns/"),
    Shot("saved-rename", "issues_view", "tongchou", link=rf"/issues/views/{UUID}/", start="/issues/views/"),
    Shot("bulk-assign", "issues_bulk", "tongchou", "/issues/bulk/assign/?tab=all"),
    Shot("bulk-reclassify", "issues_bulk", "tongchou", "/issues/bulk/reclassify/?tab=open"),
    Shot("bulk-approve", "issues_bulk", "qiantou", "/issues/bulk/approve_closing/?tab=closing"),
    Shot("bulk-done", "issues_change", "tongchou", "/issues/bulk/assign/?tab=all", do=at_once),
    Shot("export-ask", "issues_export", "tongchou", "/issues/export/?unmasked=1"),
    Shot("export-releases", "export_releases", "tongchou", "/exports/"),
    Shot("issue-unmask", "issue_unmask", "tongchou", link=rf"{ISSUE}/unmask/"),
    Shot("issue-unit", "issue", "lianluo", link=rf"{ISSUE}/", start="/issues/?tab=mine"),
    act("fix_on_spot", "lianluo"), act("take", "lianluo"), act("assign", "qiantou"), act("accept", "lianluo"),
    act("dispute", "lianluo"), act("plan", "lianluo"), act("defer", "tongchou"), act("resume", "tongchou"),
    act("resume_planning", "tongchou"),
    act("refer", "tongchou"), act("request_closing", "zerenren"), act("approve_closing", "qiantou"),
    act("return_closing", "qiantou"), act("look_back_pass", "tongchou"), act("look_back_fail", "tongchou"),
    act("merge", "tongchou"), act("dismiss", "tongchou2"), act("note_progress", "zerenren"),
    act("add_measures", "zerenren"), act("amend", "zerenren"),
    act("note_reply", "tongchou"), act("propose_dismissal", "tongchou"),
    act("confirm_due", "tongchou"), act("refuse_due", "tongchou"),
    act("ask_extension", "lianluo"), act("withdraw_extension", "lianluo"),
    act("grant_extension", "qiantou"), act("deny_extension", "qiantou"),
    act("chase", "tongchou"), act("note_help", "gongan.lianluo"), act("track_measures", "zerenren"),
    act("reclassify", "tongchou"), act("set_marks", "tongchou"), act("note_cause", "zerenren"),
    act("mark_practice", "qiantou"),
    Shot(
        "act-unmark_practice", "issue_act", "qiantou", link=rf"{ISSUE}/", start="/practices/", then="unmark_practice/"
    ),
    Shot("issues-chase", "issues_chase", "tongchou", "/issues/chase/?tab=overdue"),
    Shot("inspections", "inspections", "tongchou", "/inspections/"),
    Shot("inspection", "inspection", "tongchou", link=rf"/inspections/{UUID}/$", start="/inspections/"),
    Shot("incoming", "incoming", "shitongchou", "/incoming/"),
    Shot("incoming-add", "incoming_add", "tongchou", "/campaigns/QH2022/incoming/add/"),
    Shot("incoming-no", "incoming_add", "tongchou", "/campaigns/QH2022/incoming/add/", do=submit_empty, status=400),
    Shot("inspection-add", "inspection_add", "tongchou", "/campaigns/QH2022/inspections/add/"),
    Shot(
        "inspection-strike", "inspection_strike", "tongchou", link=rf"/inspections/{UUID}/$", start="/inspections/",
        then="strike/",
    ),
    Shot("enquiries", "enquiries", "tongchou", "/enquiries/"),
    Shot("enquiry-send", "enquiry_send", "tongchou", link=rf"{ISSUE}/", start="/issues/?tab=closed", then="enquiry/"),
    Shot("enquiry", "enquiry", "tongchou", link=rf"/enquiries/{UUID}/$", start="/enquiries/"),
    Shot("enquiry-end", "enquiry_end", "tongchou", link=rf"/enquiries/{UUID}/$", start="/enquiries/", then="end/"),
    Shot(
        "enquiry-chase", "enquiry_chase", "tongchou", link=rf"/enquiries/{UUID}/$", start="/enquiries/", then="chase/"
    ),
    Shot("enquiry-reply", "enquiry_reply", "lianluo", link=rf"/enquiries/replies/{UUID}/$", start="/enquiries/"),
    Shot(
        "enquiry-answer", "enquiry_answer", "lianluo", link=rf"/enquiries/replies/{UUID}/$",
        start="/enquiries/?tab=mine", then="found/",
    ),
    Shot("look-backs", "look_backs", "tongchou", "/look-backs/"),
    Shot("look-backs-done", "look_backs", "tongchou", "/look-backs/?tab=done"),
    Shot("look-back-draw", "look_back_draw", "tongchou", DRAW),
    Shot("look-back-drawn", "look_back_drawn", "tongchou", link=rf"/look-backs/draws/{UUID}/$", start=DRAW),
    Shot("look-back-ask", "look_back_ask", "tongchou", link=rf"{ISSUE}/$", start="/issues/?tab=closed&sort=number",
         then="look-back/ask/"),
    Shot("look-back-requests", "look_back_requests", "tongchou", "/look-backs/asked/"),
    Shot("look-back-request", "look_back_request", "lianluo", link=rf"/look-backs/asked/{UUID}/$",
         start="/look-backs/asked/?tab=mine"),
    Shot("look-back-withdraw", "look_back_request_withdraw", "tongchou", link=rf"/look-backs/asked/{UUID}/$",
         start="/look-backs/asked/", then="withdraw/"),
    Shot("walk-look-back-add", "walk_look_back_add", "juzhang", link=rf"{WALK}/look-backs/add/"),
    Shot("slips", "slips", "tongchou", "/slips/"),
    Shot("slip-proposals", "slip_proposals", "tongchou", "/slips/proposals/"),
    Shot("slip-sign", "slip_sign", "tongchou", link=rf"{ISSUE}/slip/", start="/slips/proposals/"),
    Shot("slip", "slip", "lianluo", link=rf"/slips/{UUID}/$", start="/slips/"),
    Shot("slip-act", "slip_act", "lianluo", link=rf"/slips/{UUID}/$", start="/slips/?tab=mine", then="answer/"),
    Shot("chases", "chases", "tongchou", "/chases/"),
    Shot("extensions", "extensions", "qiantou", "/extensions/"),
    Shot("practices", "practices", "qiantou", "/practices/"),
    Shot("issue-extension", "issue", "qiantou", link=rf"{ISSUE}/", start="/extensions/"),
    Shot("act-plan-refused", "issue_act", "lianluo", link=rf"{ISSUE}/plan/", do=submit_empty, status=400),
    Shot("act-plan-open", "issue_act", "lianluo", link=rf"{ISSUE}/plan/", do=open_menus),
    Shot("overview", "overview", "ducha", "/campaigns/QH2022/overview/"),
    Shot("overview-unit", "overview", "juzhang", "/campaigns/QH2022/overview/"),
    Shot("reports", "reports", "tongchou", "/reports/"),
    Shot("regions", "regions", "shitongchou", "/reports/regions/?period=2022-06"),
    Shot("reports-unit", "reports", "lianluo", "/reports/"),
    Shot("reports-none", "reports", "zerenren", "/reports/"),
    Shot("report", "report", "tongchou", JUNE),
    Shot("report-all", "report", "ducha", "/reports/QH2022/all/"),
    Shot("report-unit", "report", "juzhang", JUNE),
    Shot("pack", "report_pack", "lianluo", JUNE + "pack/"),
    Shot("pack-choose", "report_pack", "tongchou", JUNE + "pack/"),
    Shot("paper-text", "paper_text", "tongchou", JUNE + "papers/month-report/text/"),
    Shot("own-template", "own_template", "tongchou", JUNE + "papers/three-lists/template/"),
    Shot(
        "own-template-version", "own_template_version", "tongchou", JUNE + "papers/month-report/template/",
        do=upload_template,
    ),
    Shot("publish", "report_publish", "tongchou", JUNE + "publish/"),
    Shot("public-sheets", "public_sheets", "tongchou", JUNE + "public/"),
    Shot("public-ask", "public_ask", "tongchou", JUNE + "public/ask/"),
    Shot("published", "published", "ducha", link=rf"{JUNE}published/\d+/", start=JUNE),
    Shot("submissions", "submissions", "tongchou", JUNE + "submissions/"),
    Shot("submissions-lead", "submissions", "qiantou", JUNE + "submissions/"),
    Shot("submissions-unit", "submissions", "lianluo", JUNE + "submissions/"),
    Shot("submissions-task", "submissions", "tongchou", JUNE + "submissions/?task=receive"),
    Shot("submissions-ahead", "submissions", "tongchou", "/reports/QH2022/2028-06/submissions/"),
    Shot("submission-send", "submission_send", "lianluo", link=rf"{JUNE}send/\d+/", start=JUNE + "submissions/"),
    Shot("submission", "submission", "qiantou", link=rf"/submissions/{UUID}/$", start=JUNE + "submissions/"),
    Shot(
        "submission-act", "submission_act", "tongchou", link=rf"/submissions/{UUID}/$",
        start=JUNE + "submissions/?status=on_time", then="send_back/",
    ),
    Shot("needs", "needs", "tongchou", "/needs/?tab=all"),
    Shot("need", "need", "qiantou", link=rf"/needs/{UUID}/$", start="/needs/?tab=all"),
    Shot("need-act", "need_act", "tongchou", link=rf"/needs/{UUID}/$", start="/needs/", then="assign/"),
    Shot("published-compare", "published_compare", "ducha", JUNE + "published/1/compare/"),
    Shot("published-compare-periods", "published_compare", "ducha", JUNE + "published/1/", do=beside_another),
    Shot("report-rows", "report_rows", "ducha", link=rf"{JUNE}rows/[a-z_]+/", start=JUNE),
    Shot("job", "job", "tongchou", "/reports/", do=compile_again),
    Shot("scores", "scores", "tongchou", "/campaigns/", do=scored(month="2021-04")),
    Shot("scores-settled", "scores", "tongchou", "/campaigns/", do=scored(settle=True)),
    Shot("score-settle", "score_settle", "tongchou", "/campaigns/", do=scored("settle/", month="2021-04")),
    Shot("score-sheet", "score_sheet", "ducha", "/campaigns/", do=first_sheet()),
    Shot("score-note", "score_note", "tongchou", "/campaigns/", do=first_sheet("note/")),
    Shot("score-object", "score_object", "lianluo", "/campaigns/", do=first_sheet("object/")),
    Shot("score-sheet-unit", "score_sheet", "lianluo", "/campaigns/", do=objection),
    Shot("score-step", "score_step", "tongchou", "/campaigns/", do=answering),
    Shot("campaigns", "campaigns", "tongchou", "/campaigns/"),
    *(Shot(f"campaign-{who}", "campaign", who, "/campaigns/QH2022/") for who in ("tongchou", "lianluo", "qiantou")),
    Shot("campaign-units", "campaign_units", "tongchou", "/campaigns/QH2022/units/"),
    Shot("contacts-unmask", "contacts_unmask", "tongchou", "/campaigns/QH2022/contacts/unmask/"),
    Shot("campaign-clauses", "campaign_clauses", "tongchou", "/campaigns/QH2022/rules/"),
    Shot("board", "board", "tongchou", "/campaigns/QH2022/board/?period=2022-06"),
    Shot("board-unit", "board", "lianluo", "/campaigns/QH2022/board/?period=2022-06"),
    Shot("board-silent", "board", "qiantou", "/campaigns/QH2022/board/?period=2022-06&part=silent"),
    Shot("board-plans", "board_plans", "tongchou", "/campaigns/QH2022/board/plans/?period=all"),
    Shot("board-walks", "board_walks", "tongchou", "/campaigns/QH2022/board/walks/?period=all"),
    Shot("coverage", "coverage", "tongchou", "/campaigns/QH2022/coverage/"),
    Shot("pool", "pool", "tongchou", "/campaigns/QH2022/pool/"),
    Shot("pool-add", "pool_add", "tongchou", "/campaigns/QH2022/pool/add/"),
    Shot("pool-import", "pool_import", "tongchou", "/campaigns/QH2022/pool/import/"),
    Shot("pool-refused", "pool_import", "tongchou", "/campaigns/QH2022/pool/import/", do=submit_empty, status=400),
    Shot("items", "items", "tongchou", "/items/"),
    Shot("imports", "imports", "tongchou", "/imports/ledger/", do=brought_in(OWN_LEDGER)),
    Shot("import-batch", "import_batch", "tongchou", link=rf"/imports/batches/{UUID}/", start="/imports/"),
    Shot("ledger-return", "ledger_return", "tongchou", "/returned/"),
    Shot("ledger-returned", "ledger_return_preview", "tongchou", "/returned/", do=bring_back),
    Shot("ledger-returned-asks", "ledger_return_preview", "tongchou", "/returned/", do=left_to_acts),
    Shot("own-ledger-import", "ledger_import", "tongchou", "/imports/ledger/"),
    Shot("own-ledger-preview", "ledger_preview", "tongchou", "/imports/ledger/", do=send_rows(NEXT_LEDGER)),
    Shot("own-ledger-faults", "ledger_import", "tongchou", "/imports/ledger/", do=send_rows(BAD_LEDGER), status=400),
    Shot("own-ledger-columns", "ledger_columns", "tongchou", "/imports/ledger/", do=send_rows(UNNAMED_LEDGER)),
    Shot("walks-import", "walks_import", "tongchou", "/imports/walks/"),
    Shot("walks-preview", "walks_preview", "tongchou", "/imports/walks/", do=send_rows(REGISTER)),
    Shot("walks-columns", "walks_columns", "tongchou", "/imports/walks/", do=send_rows(UNNAMED_REGISTER)),
    Shot("items-import", "items_import", "tongchou", "/items/import/"),
    Shot("items-import-city", "items_import", "shitongchou", "/items/import/"),
    Shot("items-preview", "items_preview", "tongchou", "/items/import/", do=send_rows(ITEMS)),
    Shot("items-faults", "items_import", "tongchou", "/items/import/", do=send_rows(BAD_ITEMS), status=400),
    Shot("units-import", "units_import", "xitong", "/units/import/"),
    Shot("units-preview", "units_preview", "xitong", "/units/import/", do=send_rows(UNITS, "青禾县")),
    Shot("units-export", "units_export", "xitong", "/units/export/"),
    Shot("people-import", "people_import", "xitong", "/people/import/"),
    Shot("people-import-refused", "people_import", "xitong", "/people/import/", do=submit_empty, status=400),
    Shot("people-preview", "people_preview", "xitong", "/people/import/", do=send_rows(PEOPLE, "青禾县")),
    Shot("people-imported", "people_preview", "xitong", "/people/import/", do=send_rows(PEOPLE, "青禾县", True)),
    Shot("people-export", "people_export", "xitong", "/people/export/"),
    Shot("roles", "roles", "anquan", "/roles/"),
    Shot("roles-refused", "roles", "anquan", "/roles/", do=submit_empty, status=400),
    Shot("roles-granted", "roles", "anquan", "/roles/?tab=granted"),
    Shot("calendar", "calendar", "xitong", "/calendar/"),
    Shot("calendar-coming", "calendar", "xitong", "/calendar/?year=2027"),
    Shot("calendar-day", "calendar_day", "xitong", "/calendar/day/"),
    Shot("calendar-year", "calendar_year", "xitong", "/calendar/year/"),
    Shot("calendar-year-refused", "calendar_year", "xitong", "/calendar/year/", do=submit_empty, status=400),
    Shot("system", "system", "xitong", "/system/"),
    Shot("campaign-new-templates", "campaign_new", "tongchou", "/campaigns/new/"),
    Shot("campaign-new", "campaign_new", "tongchou", "/campaigns/new/?template=wushen-2023"),
    Shot("campaign-setup", "campaign_setup", "tongchou", "/campaigns/QH2022/setup/"),
    Shot("campaign-setup-draft", "campaign_setup", "tongchou", "/campaigns/", do=in_draft("setup/")),
    Shot("campaign-head", "campaign_head", "tongchou", "/campaigns/", do=in_draft("head/")),
    *(rules_page(group) for group in (
        "cadence", "planning", "walking", "activities", "coverage", "reporting", "rectification", "scoring",
    )),
    Shot("campaign-roster", "campaign_roster", "tongchou", "/campaigns/QH2022/roster/"),
    Shot("campaign-receivers", "campaign_receivers", "tongchou", "/campaigns/QH2022/receivers/"),
    Shot("campaign-preview", "campaign_preview", "tongchou", "/campaigns/QH2022/preview/"),
    Shot("campaign-preview-draft", "campaign_preview", "tongchou", "/campaigns/", do=in_draft("preview/")),
    Shot("campaign-issue", "campaign_issue", "tongchou", "/campaigns/", do=in_draft("issue/")),
    Shot("campaign-amend", "campaign_amend", "tongchou", "/campaigns/QH2022/amend/"),
    Shot("hotline", "hotline", "qiantou", HOTLINE),
    Shot("hotline-unit", "hotline", "lianluo", HOTLINE),
    Shot("hotline-import", "hotline_import", "qiantou", f"{HOTLINE}import/"),
    Shot("hotline-preview", "hotline_import", "qiantou", f"{HOTLINE}import/", do=send_figures),
    Shot("hotline-faults", "hotline_import", "qiantou", f"{HOTLINE}import/", do=send_bad_figures, status=400),
    Shot("hotline-month", "hotline_month", "qiantou", f"{HOTLINE}2022-06/"),
    Shot("hotline-month-unit", "hotline_month", "lianluo", f"{HOTLINE}2022-05/"),
    Shot("hotline-issue", "hotline_issue", "qiantou", f"{HOTLINE}2022-06/issue/"),
    Shot("plans", "plans", "lianluo", "/plans/"),
    Shot("plans-lead", "plans", "qiantou", "/plans/?tab=submitted"),
    Shot("plans-missing", "plans", "tongchou", "/plans/?tab=missing"),
    plan("draft", "lianluo", "own"), plan("submitted", "qiantou", "submitted"), plan("filed", "tongchou", "filed"),
    Shot("plan-edit", "plan_edit", "lianluo", link=r"/plans/\d+/", start="/plans/?tab=own", then="edit/"),
    Shot("plan-import", "plan_import", "lianluo", link=r"/plans/\d+/", start="/plans/?tab=own", then="import/"),
    plan_act("submit", "lianluo", "own"), plan_act("file", "qiantou", "submitted"),
    plan_act("return", "qiantou", "submitted"),
    Shot("plan-act-adjust", "plan_act", "lianluo", link=r"/plans/\d+/act/adjust/"),
    Shot("draws", "draws", "lianluo", "/campaigns/QH2022/draws/"),
    Shot("draws-office", "draws", "tongchou", "/campaigns/QH2022/draws/"),
    Shot("draw", "draw", "lianluo", link=r"/campaigns/QH2022/draws/\d+/", start="/campaigns/QH2022/draws/"),
    Shot("notices", "notices", "lianluo", "/notices/"),
    Shot("notices-all", "notices", "lianluo", "/notices/?show=all"),
    Shot("people", "people", "anquan", "/people/"),
    Shot("person", "person", "anquan", link=r"/people/\d+/", start="/people/"),
    Shot("person-account", "person", "xitong", link=r"/people/\d+/", start="/people/"),
    Shot("people-passwords", "people_passwords", "xitong", "/people/passwords/"),
    Shot("person-new", "person_new", "xitong", "/people/new/"),
    Shot("person-new-refused", "person_new", "xitong", "/people/new/", do=submit_empty, status=400),
    Shot("person-made", "person_new", "xitong", "/people/new/", do=new_person),
    person_act("password", "xitong"), person_act("grant", "anquan"), person_act("unlock", "anquan"),
    person_act("handover", "anquan"),
    Shot("people-unmask", "people_unmask", "anquan", "/people/unmask/"),
    Shot("units", "units", "xitong", "/units/"),
    Shot("unit-places", "unit_places", "xitong", "/units/places/"),
    Shot("unit-place", "unit_place", "xitong", link=r"/units/places/\d+/", start="/units/places/"),
    Shot("unit-abolish", "unit_abolish", "xitong", link=r"/units/\d+/abolish/", start="/units/?q=财政"),
    Shot("unit-abolish-needed", "unit_abolish", "xitong", link=r"/units/\d+/abolish/", start="/units/?q=行政审批"),
    Shot("unit-restore", "unit_restore", "xitong", "/units/", do=restoring),
    Shot("units-abolished", "units", "xitong", "/units/?state=abolished"),
    Shot("audit", "audit", "shenji", "/audit/"),
    refused("error-403", "issue_act", "ducha", rf"{ISSUE}/", "/issues/?state=assigned", "accept/", 403),
    Shot("error-404", "", "juzhang", "/没有这个页面/", status=404),
    refused("error-405", "walk_waiting", "juzhang", rf"{WALK}/", "/walks/?tab=open", "waiting/", 405),
    refused("error-409", "issue_act", "tongchou", rf"{ISSUE}/", "/issues/?state=closed", "assign/", 409),
)  # fmt: skip
