"""Which batches a person sees."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from accounts.scope import scope_of
from campaigns.enums import TableKind
from campaigns.models import Campaign
from issues.enums import IssueState
from ledgers.enums import RowOutcome
from ledgers.models import ImportBatch, ImportedRow


def campaigns_to_import(user: User) -> QuerySet[Campaign]:
    """Issued campaigns of the regions whose office the person works in: for them the person brings tables in."""
    rows = Campaign.objects.filter(region_id__in=scope_of(user).act_regions, issued_at__isnull=False)
    return rows.select_related("region", "office").order_by("-starts_on", "id")


def batches_visible_to(user: User) -> QuerySet[ImportBatch]:
    """Batches of those campaigns, the latest first."""
    rows = ImportBatch.objects.filter(campaign__in=campaigns_to_import(user).order_by().values("pk"))
    return rows.select_related("campaign", "actor", "undone_by")


def rows_of(batch: ImportBatch) -> QuerySet[ImportedRow]:
    """The rows of a batch as they were brought in, with the issue where it still stands."""
    return ImportedRow.objects.filter(batch=batch).select_related("issue").order_by("number", "id")


def batch_by_id(pk: UUID) -> ImportBatch | None:
    """A batch for the command line."""
    return ImportBatch.objects.filter(pk=pk).select_related("campaign").first()


def batch_rows(batches: QuerySet[ImportBatch]) -> list[dict]:
    """The rows of the list of batches, one query."""
    fields = ("id", "kind", "file", "at", "counts", "undone_at", "kept", "campaign__name", "actor__label")
    kinds = dict(TableKind.choices)
    return [row | {"kind_label": kinds[row["kind"]]} for row in batches.values(*fields, "undone_by__label")]


def row_lines(rows: QuerySet[ImportedRow]) -> list[dict]:
    """The rows of a batch as the page shows them, one query."""
    outcomes, states = dict(RowOutcome.choices), dict(IssueState.choices)
    fields = ("id", "number", "name", "outcome", "issue__number", "issue__state", "issue__description", "walk_id")
    return [
        row
        | {
            "outcome_label": outcomes[row["outcome"]],
            "state_label": states.get(row["issue__state"], ""),
            "other_words": "；".join(f"{name}：{text}" for name, text in row["other_columns"].items()),
        }
        for row in rows.values(*fields, "other_columns")
    ]
