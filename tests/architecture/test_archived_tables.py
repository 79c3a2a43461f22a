"""Whatever belongs to a campaign is refused by the database once the campaign is archived, or says here why it goes
on (docs/rules.md section 3, Campaign)."""

from importlib import import_module

from django.apps import apps

from campaigns.models import Campaign
from core.triggers import RefuseArchived

# Rectification outlives the campaign, and what hangs on it.
GOES_ON = {
    "issues_need": "needs are answered",
    "issues_enquiry": "举一反三 from its issues",
    "issues_enquiryreply": "举一反三 from its issues",
    "issues_slip": "督办单 on its issues",
    "issues_slipsequence": "the numbers of these",
    "issues_lookbackrequest": "回头看 that a unit is asked for",
    "issues_lookbackdraw": "回头看 of what is struck off afterwards",
}
EVENTS = {"INSERT", "UPDATE", "DELETE"}


def refused() -> dict[str, set[str]]:
    """{table: the events its triggers refuse}."""
    found: dict[str, set[str]] = {}
    for app in ("campaigns", "walks", "plans", "issues", "ledgers", "reports", "scoring"):
        for operation in import_module(f"{app}.migrations.0002_triggers").Migration.operations:
            if isinstance(operation, RefuseArchived):
                found.setdefault(operation.table, set()).update(operation.events)
    return found


def test_every_record_of_a_campaign_stands_once_it_is_archived_or_is_named_here():
    tables = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.many_to_one and field.related_model is Campaign
    }
    assert {"walks_walk", "plans_plan", "issues_issue"} <= tables, "a rule that reads nothing passes"
    guarded = refused()
    assert tables - set(guarded) - set(GOES_ON) == set()
    assert set(GOES_ON) <= tables - set(guarded), "named here and refused, or gone"
    # What other triggers keep from changing is refused its INSERT alone; of issues a new one, of the campaign the rest.
    assert all("INSERT" in events for table, events in guarded.items() if table != Campaign._meta.db_table)
