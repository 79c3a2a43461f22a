"""A table as the pages of imports see it: what it would change, row by row, and carrying that out."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from accounts.models import User
from campaigns.domain.own_tables import under_their_names
from campaigns.models import Campaign
from core.imports import ImportResult
from core.resources import Overtaken, Preview
from core.tabular import Row
from ledgers.domain.imports import WORK


class ImportWork:
    """One table of one campaign: what ``core.staging`` asks of it."""

    def __init__(self, rows: list[Row], file: str, *, kind: str, campaign: Campaign, params: Mapping, actor: User):
        self.rows, self.file, self.mapping = rows, file, dict(params["mapping"])
        made = {name: params.get(name, False) for name in ("create_missing", "make_alike")}
        self.work = WORK[kind](campaign, title=params["title"], actor=actor, mapping=self.mapping, **made)
        self.is_written = False

    def preview(self) -> Preview:
        """What an import would do now; nothing is written: units made while reading are taken back."""
        with transaction.atomic():
            shown, _ = self._look()
            transaction.set_rollback(True)
        return shown

    def carry_out(self, seen: str) -> Preview:
        """Import when the preview has the digest ``seen``; else, and with errors, nothing is written."""
        shown, planned = self._look()
        if not shown.errors and shown.digest == seen:
            done = ImportResult(self.file, rows=len(self.rows))
            self.work.write(planned, done)
            if done.counts() != shown.counts():
                raise Overtaken(f"{self.file}: shown {shown.counts()}, done {done.counts()}")
            self.is_written = True
        return shown

    def _look(self) -> tuple[Preview, Sequence]:
        planned = self.work.plan(self.rows)
        notes = self.work.notes(planned)
        errors = sorted((error for row in self.rows for error in row.errors), key=lambda error: error.row or 0)
        if errors:
            return Preview(errors=under_their_names(errors, self.mapping), notes=notes), planned
        lines, marks = self.work.lines(planned)
        return Preview(lines=lines, notes=notes, marks=marks), planned
