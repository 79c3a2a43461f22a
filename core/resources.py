"""Resources of django-import-export over rows that our own reader has read: the preview of differences, and the import.

The library compares field by field and says what is new, changed or unchanged; what a cell may hold and how a record is
written stand in ``<app>/domain/imports.py``, which the commands call too.
"""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from import_export import resources
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import Result, RowResult
from import_export.widgets import Widget
from tablib import Dataset

from core.idempotency import body_digest
from core.imports import ImportResult
from core.tabular import CellError, Row, as_text

OUTCOMES = {
    RowResult.IMPORT_TYPE_NEW: "created",
    RowResult.IMPORT_TYPE_UPDATE: "updated",
    RowResult.IMPORT_TYPE_SKIP: "unchanged",
}
_NUMBER = "行号"


class TextWidget(Widget):
    """A value as plain text; None is empty, 0 stays 0."""

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class YesWidget(Widget):
    """True and False as 是 and 否."""

    def render(self, value, obj=None, **kwargs):
        return "是" if value else "否"


class LabelWidget(Widget):
    """A code as its label."""

    def __init__(self, labels: dict, **kwargs):
        super().__init__(**kwargs)
        self.labels = labels

    def render(self, value, obj=None, **kwargs):
        return str(self.labels.get(value, value or ""))


@dataclass
class Preview:
    """What an import would do, or has done. ``lines``: {"number", "outcome", "name", "cells"} a row of the file;
    ``cells``: [column, before, after] of what differs. With ``errors`` nothing may be written.
    """

    lines: list[dict] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Equal for two previews exactly when they announce the same changes to the same records."""
        return body_digest({"lines": self.lines, "marks": self.marks, "errors": [str(error) for error in self.errors]})

    def counts(self) -> dict[str, int]:
        return {outcome: sum(line["outcome"] == outcome for line in self.lines) for outcome in OUTCOMES.values()}

    def as_dict(self) -> dict:
        return {
            "lines": self.lines,
            "errors": [error.as_dict() for error in self.errors],
            "notes": self.notes,
            "digest": self.digest,
            "counts": self.counts(),
        }


class Overtaken(Exception):
    """Somebody changed the records between our look and our write: something else was done than was shown."""


class Differences(resources.Diff):
    """Values in words, before and after. ``as_html`` returns data: templates alone write HTML."""

    def __init__(self, resource, instance, new):
        super().__init__(resource, instance, new)
        self.columns = resource.get_diff_headers()
        self.left = [""] * len(self.columns) if new else _words(resource, instance)

    def compare_with(self, resource, instance):
        self.right = _words(resource, instance)

    def as_html(self):
        """[[column, before, after]] of the fields that differ."""
        pairs = zip(self.columns, self.left, self.right, strict=True)
        return [[column, before, after] for column, before, after in pairs if before != after]


def _words(resource, instance) -> list[str]:
    return [resource.export_field(one, instance) for one in resource.get_import_fields()]


class TableResource(resources.Resource):
    """Base of the resources. A subclass declares the fields shown and says by five methods what its domain does.

    ``plan`` reads all rows, notes faults on them and returns one staged thing a row; ``locate`` finds the record a
    staged thing names, ``begin`` makes a new one; ``apply`` sets the values and returns True when any changed;
    ``write`` writes everything and counts it.
    """

    class Meta:
        using_db = DEFAULT_DB_ALIAS
        import_id_fields = []
        instance_loader_class = BaseInstanceLoader  # never asked: see ``get_instance``
        # The domain writes all rows at once after the last; without this the library opens a savepoint for each row.
        use_bulk = True

    def __init__(self, rows: list[Row], file: str, **kwargs):
        super().__init__(**kwargs)
        self.rows, self.file = rows, file
        self.staged, self.names, self.marks, self.notes = [], [], [], []
        self.current, self.is_new, self.changed = None, False, False
        self.seen: str | None = None
        self.is_written = False

    def plan(self, rows: list[Row]) -> list:
        raise NotImplementedError

    def locate(self, staged):
        raise NotImplementedError

    def begin(self, staged):
        raise NotImplementedError

    def apply(self, instance, staged) -> bool:
        raise NotImplementedError

    def write(self, staged: list, result: ImportResult) -> None:
        raise NotImplementedError

    def name_of(self, staged) -> str:
        """The record in the words of the preview."""
        raise NotImplementedError

    def token_of(self, instance) -> str:
        """What of a record stands behind the preview without being shown."""
        return ""

    def preview(self) -> Preview:
        """What an import would do now; nothing is written. Raises Refused when the table as a whole is refused."""
        return self._run(dry_run=True)

    def carry_out(self, seen: str) -> Preview:
        """Import when the preview has the digest ``seen``; else, and with errors, nothing is written.

        ``is_written`` says afterwards which it was.
        """
        self.seen = seen
        return self._run(dry_run=False)

    def _run(self, *, dry_run: bool) -> Preview:
        columns = list(self.rows[0].cells) if self.rows else []
        dataset = Dataset(headers=[_NUMBER, *columns])
        for row in self.rows:
            dataset.append([row.number, *(as_text(row.cells[column]) for column in columns)])
        result = self.import_data(dataset, dry_run=dry_run, use_transactions=True, rollback_on_validation_errors=True)
        _raise_fault(result)
        return self._preview_of(result)

    def _preview_of(self, result: Result) -> Preview:
        if result.has_validation_errors():
            errors = [
                CellError(row.number, column, as_text(row.cells.get(column)), message)
                for invalid in result.invalid_rows
                for row in (self.rows[invalid.number - 1],)
                for column, messages in invalid.field_specific_errors.items()
                for message in messages
            ]
            return Preview(errors=errors, notes=self.notes)
        lines = [
            {"number": row.number, "outcome": OUTCOMES[found.import_type], "name": name, "cells": found.diff}
            for row, found, name in zip(self.rows, result.rows, self.names, strict=True)
        ]
        return Preview(lines=lines, notes=self.notes, marks=self.marks)

    # --- what the library calls -------------------------------------------------------------------

    @classmethod
    def get_diff_class(cls):
        return Differences

    def before_import(self, dataset, **kwargs):
        self.staged = self.plan(self.rows)

    def before_import_row(self, row, **kwargs):
        place = kwargs["row_number"] - 1
        self.current = self.staged[place]
        if faults := self.rows[place].errors:
            told: dict[str, list[str]] = {}
            for fault in faults:
                told.setdefault(fault.column, []).append(fault.message)
            raise ValidationError(told)

    def get_instance(self, instance_loader, row):
        return self.locate(self.current)

    def init_instance(self, row=None):
        return self.begin(self.current)

    def after_init_instance(self, instance, new, row, **kwargs):
        self.is_new = new
        self.names.append(self.name_of(self.current))
        self.marks.append("" if new else self.token_of(instance))

    def import_instance(self, instance, row, **kwargs):
        self.changed = self.apply(instance, self.current)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return not self.is_new and not self.changed

    def save_instance(self, instance, is_create, row, **kwargs):
        """Nothing: ``write`` writes after the last row."""

    def after_import(self, dataset, result, **kwargs):
        if self.seen is None or result.has_errors() or result.has_validation_errors():
            return
        shown = self._preview_of(result)
        if shown.digest == self.seen:
            done = ImportResult(self.file, rows=len(self.rows))
            self.write(self.staged, done)
            if done.counts() != shown.counts():
                raise Overtaken(f"{self.file}: shown {shown.counts()}, done {done.counts()}")
            self.is_written = True


def _raise_fault(result: Result) -> None:
    """The library collects exceptions; what is no fault of a cell goes on as it was raised."""
    faults = [*result.base_errors, *(fault for row in result.rows for fault in row.errors)]
    if faults:
        raise faults[0].error
