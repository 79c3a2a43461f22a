"""A form that changes a stored record says on which version it was opened; one that does not is named here with the
reason. So a new form cannot forget it."""

import pytest
from django.apps import apps
from django.template.loader import get_template

from core.forms import ContentTokenForm, OnceForm, VersionedForm
from tests.architecture.imports import ROOT, sources

# Forms over no stored text: why nothing can be overwritten by them.
MAKES_A_RECORD = {
    "reports.forms.papers.PackForm",
    "reports.forms.papers.TemplateForm",
    "walks.forms.covert.CovertForm",
    "walks.forms.draws.DrawForm",
    "plans.forms.start.StartForm",
    "plans.forms.plans.PlanStartForm",
    "plans.forms.plans.RowStartForm",
    "issues.forms.intake.NeedForm",
    "campaigns.forms.setup.AmendForm",
    "campaigns.forms.must_walk.PoolAddForm",
    "walks.forms.covert.NameReadersForm",
    "issues.forms.exports.ExportRequestForm",
    "accounts.forms.tokens.TokenForm",
    "notifications.forms.MailTestForm",
    "notifications.forms.GroupTestForm",
    "issues.forms.incoming.IncomingForm",
    "issues.forms.inspections.InspectionForm",
    "issues.forms.inspections.FindingForm",
    "accounts.forms.people.NewPersonForm",
    "manual.forms.SuggestionForm",
    "accounts.forms.places.PlacesForm",
    "issues.forms.enquiries.EnquiryForm",
    "issues.forms.lookback.RewalkForm",
    "issues.forms.lookback.BindForm",
    "issues.forms.lookback.AskUnitForm",
    "issues.forms.lookback.LookBackDrawForm",
    "issues.forms.saved.SaveViewForm",
    "issues.forms.saved.SavedColumnsForm",
    "reports.forms.public_sheets.PublicPlaceForm",
}
PRESSES_A_BUTTON = {
    "reports.forms.submissions.BulkForm": "each box carries the version that was shown",
    "issues.forms.bulk.AssignAtOnceForm": "each box carries the version that was shown",
    "issues.forms.bulk.ReclassifyAtOnceForm": "each box carries the version that was shown",
    "issues.forms.bulk.ReturnAtOnceForm": "each box carries the version that was shown",
    "issues.forms.bulk.ApproveAtOnceForm": "each box carries the version that was shown",
    "issues.forms.inspections.InspectionStrikeForm": "a record is struck out once",
    "issues.forms.lookback.WithdrawRequestForm": "a request is taken back once",
    "issues.forms.enquiries.EnquiryChaseForm": "adds a record to each reply, a unit that has answered is refused",
    "issues.forms.chases.BulkChaseForm": "adds a record to each issue, changes none",
    "issues.forms.saved.RemoveViewForm": "what is kept of a list is removed once",
    "issues.forms.saved.ShownColumnsForm": "the columns of the person alone stand on the button",
    "walks.forms.walks.WaitingForm": "the value it sets stands on the button",
    "campaigns.forms.must_walk.PoolRemoveForm": "removes one item, its walks stay",
    "campaigns.forms.setup.ProposalForm": "carries the dates it answers",
    "campaigns.forms.calendar.DayRemoveForm": "carries the day as it was shown",
    "accounts.forms.base.AbolishForm": "an abolished unit is refused",
    "accounts.forms.base.RestoreForm": "a unit in use is refused",
    "accounts.forms.people.DecideForm": "a request is decided once",
    "accounts.forms.people.AccountStateForm": "an account is switched, the other way round by another press",
    "accounts.forms.people.EndRolesForm": "a role ended meanwhile is no choice any more",
    "accounts.forms.base.UnmaskForm": "changes no record",
    "manual.forms.SuggestionAnswerForm": "a suggestion is answered once, a second answer is refused",
    "home.forms.FinishForm": "what is confirmed is compared by its mark, the state by the writer",
    "home.forms.EraseForm": "what is listed is compared by its mark",
    "home.forms.HandOverForm": "what went over is held no more, a second press is refused",
    "accounts.forms.people.ReasonForm": "takes a lock away, an account that is not locked is refused",
    "accounts.forms.people.FirstPasswordsForm": "for accounts that have no password yet",
    "ledgers.forms.UndoForm": "a batch is taken back once",
    "issues.forms.exports.ReleaseForm": "an export is decided once",
    "reports.forms.public_sheets.PublicStrikeForm": "a row is struck out once",
}
READS_A_TABLE = {
    "core.table_forms.TableForm": "the preview is confirmed with its digest",
    "core.table_forms.TableConfirmForm": "carries the digest of the preview",
    "accounts.forms.base.RegionTableForm": "the preview is confirmed with its digest",
    "accounts.forms.base.UnitTableForm": "the preview is confirmed with its digest",
    "accounts.forms.base.PeopleTableForm": "the preview is confirmed with its digest",
    "catalogue.forms.ItemTableForm": "the preview is confirmed with its digest",
    "ledgers.forms.OwnTableForm": "the preview is confirmed with its digest",
    "core.table_forms.ColumnsForm": "names the columns of one table, the next one is named anew",
    "campaigns.forms.must_walk.PoolImportForm": "the table says what stands, its changes are counted",
    "campaigns.forms.hotline.FiguresForm": "what the file says is saved by the next form",
    "campaigns.forms.hotline.SaveForm": "carries the figures that were looked at, signed",
}
# A base of forms that carry the version themselves.
BASES = {"accounts.forms.base.PasswordAgainMixin", "issues.forms.bulk.IssuesAtOnceForm"}
NAMED = BASES | MAKES_A_RECORD | set(PRESSES_A_BUTTON) | set(READS_A_TABLE)


def full_name(form: type) -> str:
    return f"{form.__module__}.{form.__name__}"


def below(form: type) -> set[type]:
    return {one for sub in form.__subclasses__() for one in {sub} | below(sub)}


@pytest.fixture(scope="module")
def product_forms() -> set[type]:
    for path in sources():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "forms" in parts or parts[-1].endswith("forms"):
            __import__(".".join(parts))
    labels = {config.name for config in apps.get_app_configs()}
    found = {one for one in below(OnceForm) if one.__module__.split(".")[0] in labels and "tests" not in one.__module__}
    assert len(found) > 40, "a rule that reads nothing passes"
    return found


def test_a_form_carries_the_version_it_was_opened_on_or_says_why_not(product_forms):
    unversioned = {full_name(one) for one in product_forms if not issubclass(one, VersionedForm)}
    assert unversioned - NAMED == set()
    assert NAMED - unversioned == set(), "named, and no such form any more"


def test_a_versioned_form_has_the_field_that_brings_its_version_back(product_forms):
    bases = {VersionedForm, ContentTokenForm}
    without = {
        full_name(one)
        for one in product_forms - bases
        if issubclass(one, VersionedForm) and one.version_field not in one.base_fields
    }
    assert without == set()


# The page of each versioned form, and the name of the form in it.
PAGES = {
    "walks/step.html": "seen",
    "walks/component.html": "seen",
    "issues/walk/problem.html": "seen",
    "issues/walk/complete.html": "seen",
    "issues/walk/_act_form.html": "version",
    "issues/issue/act.html": "version",
    "walks/covert/postpone.html": "version",
    "reports/summary/paper_text.html": "version",
    "plans/edit.html": "version",
    "plans/act.html": "version",
    "plans/notice.html": "seen",
    "campaigns/setup/head.html": "seen",
    "campaigns/setup/setup.html": "seen",
    "campaigns/setup/rules.html": "seen",
    "campaigns/setup/roster.html": "seen",
    "campaigns/setup/receivers.html": "seen",
    "campaigns/setup/issue.html": "seen",
    "campaigns/hotline/month.html": "seen",
    "campaigns/hotline/issue.html": "seen",
    "campaigns/calendar/day.html": "seen",
    "campaigns/calendar/year.html": "seen",
    "issues/enquiries/answer.html": "version",
    "issues/enquiries/end.html": "version",
    "issues/lookback/act.html": "version",
    "issues/slips/sign.html": "version",
    "issues/slips/act.html": "version",
    "scoring/step.html": "version",
    "scoring/settle.html": "version",
    "reports/public/ask.html": "version",
    "accounts/place.html": "seen",
    "accounts/person_password.html": "seen",
    "accounts/person_grant.html": "seen",
    "reports/public/act.html": "version",
}


@pytest.mark.parametrize(("page", "name"), PAGES.items())
def test_the_page_of_a_versioned_form_sends_its_version(page, name):
    assert f"{{{{ form.{name} }}}}" in get_template(page).template.source
