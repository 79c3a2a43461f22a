"""The cells of one row of an office's table, read with what the table says elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from accounts.models import Department
from campaigns.domain.receivers import history_of
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import versions_in_force
from campaigns.models import Campaign, RuleVersion
from catalogue.models import ServiceItem
from core.calendar import work_calendar
from core.exceptions import Refused
from core.tabular import Row, as_text, split_names
from ledgers.domain.dates import ToldDay, read_due, read_found, title_day, years_of
from ledgers.domain.finders import NamedItems, NamedPeople, NamedUnits, name_key
from ledgers.domain.notes import ReadNotes
from ledgers.domain.words import split_points

MEASURE = 500


class CellReader:
    """Reads cells for one campaign; what they refer to is looked up once. ``notes``: what was read out of words.

    Each method notes a fault at its cell and goes on, so that all faults of a table are told at once.
    """

    def __init__(
        self,
        campaign: Campaign,
        *,
        title: Sequence[str],
        today: date,
        theirs: Mapping[str, str] | None = None,
        create_missing: bool = False,
        make_alike: bool = False,
    ):
        self.campaign, self.today, self.title = campaign, today, list(title)
        self.units = NamedUnits(campaign.region, create_missing=create_missing, make_alike=make_alike)
        self.items = NamedItems(campaign.region, create_missing=create_missing)
        self.people = NamedPeople(campaign.region)
        self.routes, self.versions = history_of(campaign), versions_in_force(campaign)
        self.calendar = work_calendar()
        self.as_of = title_day(self.title)
        self.year: int | None = None
        self.notes = ReadNotes(theirs)
        self.days: dict[str, ToldDay] = {}
        self.dues: dict[tuple[str, date], ToldDay] = {}
        self.received: dict[tuple[str, str, date], tuple[Department, ...]] = {}

    def made(self) -> dict[str, list[str]]:
        """{what: names} of the records nobody knew that the table makes."""
        found = {"单位": [unit.name for unit in self.units.finder.made], "事项": [item.name for item in self.items.new]}
        return {what: names for what, names in found.items() if names}

    def find_year(self, rows: Sequence[Row], column: str) -> None:
        """The year that days without one are of: of the title, else of the other days, else the only one possible."""
        told = years_of(self.title) or years_of([as_text(row.cells.get(column)) for row in rows])
        possible = told or set(range(self.campaign.starts_on.year, min(self.campaign.ends_on, self.today).year + 1))
        self.year = possible.pop() if len(possible) == 1 else None

    def day(self, row: Row, column: str) -> date | None:
        """A day that has been; None for an empty cell and for a fault."""
        text = as_text(row.cells.get(column))
        try:
            # Many rows tell the same day.
            told = self.days.get(text) or self.days.setdefault(text, read_found(text, year=self.year))
        except ValueError as error:
            row.refuse(column, str(error))
            return None
        if told.day and told.is_read_out:
            self.notes.read(row.number, column, row.text(column), told.day)
        return told.day

    def due(self, row: Row, column: str, found_on: date) -> ToldDay:
        """By when, and what the words say of the kind of rectification."""
        key = as_text(row.cells.get(column)), found_on
        try:
            told = self.dues.get(key) or read_due(key[0], found_on=found_on, calendar=self.calendar)
            self.dues[key] = told
        except ValueError as error:
            row.refuse(column, str(error))
            return ToldDay(None)
        if told.is_read_out:
            self.notes.read(row.number, column, row.text(column), told.day or "长期坚持，不定时限")
        return told

    def departments(self, row: Row, column: str) -> list[Department]:
        """The units a cell names, each once, in order."""
        return self.units_named(row, column, split_names(row.text(column)))

    def units_named(self, row: Row, column: str, names: Sequence[str]) -> list[Department]:
        """The units of these names, which stand in that cell."""
        found: dict[Department, None] = {}
        for name in names:
            try:
                unit = self.units.find(name)
            except Refused as refused:
                row.refuse(column, refused.message)
                continue
            if name_key(unit.name) != name_key(name):
                self.notes.read(row.number, column, name, unit.name)
            found[unit] = None
        return list(found)

    def item(self, row: Row, column: str, unit: Department | None) -> ServiceItem | None:
        """The service item a cell names, that of the unit first; None for an empty cell and for a fault."""
        name = row.text(column)
        if not name:
            return None
        try:
            return self.items.find(name, unit)
        except Refused as refused:
            row.refuse(column, refused.message)
            return None

    def receivers(self, kind: str, unit: Department, day: date) -> tuple[Department, ...]:
        """Who received such walks of that unit on that day, the leading one first, else the office."""
        key = kind, unit.kind, day
        if key not in self.received:
            self.received[key] = self.routes.receiving(*key) or (self.campaign.office,)
        return self.received[key]

    def rules_on(self, day: date) -> tuple[RuleVersion, Rulebook]:
        """The version of rules that held on that day, and what it says."""
        return [(version, rules) for version, rules, since, _ in self.versions if since <= day][-1]

    def dated(self, due_on: date | None) -> dict[str, Any]:
        """What an issue with that time limit (None: without one) has of dates."""
        return {
            "due_on": due_on,
            "first_due_on": due_on,
            "due_set_on": self.today if due_on else None,
            "due_provisional": bool(due_on and self.calendar.is_provisional(due_on)),
        }

    def points(self, row: Row, column: str, *, limit: int = MEASURE) -> tuple[str, ...]:
        """The points of a cell, each of at most ``limit`` characters."""
        found = tuple(split_points(row.text(column)))
        if any(len(point) > limit for point in found):
            row.refuse(column, f"每条最多 {limit} 个字，请分条填写")
        return found


def merged_row(group: Sequence[Row], adds_up: Sequence[str]) -> Row:
    """Rows of one record as one: the cells of ``adds_up`` below each other, of every other column the first."""
    first = group[0]
    for row in group[1:]:
        first.errors += row.errors
        row.errors = []
        for column, value in row.cells.items():
            have, more = as_text(first.cells.get(column)), as_text(value)
            if not have:
                first.cells[column] = value
            elif more and column in adds_up and more not in have.split("\n"):
                first.cells[column] = f"{have}\n{more}"
    return first
