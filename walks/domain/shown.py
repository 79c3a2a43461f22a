"""Rows that are read to be shown: reading a covert walk not yet reported leaves its trace in the covert audit.

Pages, lists, the API and photos take walks from here and never from ``walks.domain.queries.walks_visible_to``
(tests/architecture/test_one_way.py), so that none of them can forget the trace.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import NoReturn, Self, TypeVar
from uuid import UUID

from django.db import DatabaseError
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from core import audit
from core.storage_state import is_full, note_full
from walks.domain.covert import hidden
from walks.domain.queries import walks_visible_to
from walks.models import Walk

logger = logging.getLogger(__name__)

VIEWED = "walk.viewed"
SHOWN_AGAIN = timedelta(hours=1)
# Where a walk is shown. Its own pages, and its own address in the API, have no word: each reading counts there.
BY_ITSELF = ""
IN_LIST, ON_FIRST_PAGE, IN_PLAN, IN_API, AS_PICTURE = "体验列表", "首页", "计划", "数据接口列表", "照片"
# Shown one by one: without its trace there is nothing left to show, and the answer is 503.
ALONE = (BY_ITSELF, AS_PICTURE)

Row = TypeVar("Row", bound=Model)

# What a row by ``values()`` must hold, so that the trace can be written.
TRACED = ("id", "is_covert", "reported_at")


class TracedRows(QuerySet[Row]):
    """Rows for ``reader``: fetching them writes the trace, counting them or using them in a condition does not.

    ``per_page``: how many of the rows fetched are shown at most; a pager reads one more to know whether a page follows.
    """

    reader: User
    where: str = BY_ITSELF
    per_page: int | None = None

    @classmethod
    def over(cls, rows: QuerySet[Row], reader: User, *, where: str, per_page: int | None = None) -> Self:
        """The same rows, traced when they are fetched."""
        traced = cls(rows.model, rows.query.chain(), rows.db)
        traced.reader, traced.where, traced.per_page = reader, where, per_page
        return traced

    def hidden_walks(self, rows: Sequence) -> list[UUID]:
        """Ids of the covert walks not yet reported that these rows show."""
        raise NotImplementedError

    def iterator(self, *args: object, **kwargs: object) -> NoReturn:
        """Refused: rows read in chunks are not kept, so none of them would be traced."""
        raise TypeError("Rows that are shown are read whole.")

    aiterator = iterator

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]  # Django's own way of copying, not in the stubs
        clone.reader, clone.where, clone.per_page = self.reader, self.where, self.per_page
        return clone

    def _fetch_all(self) -> None:
        is_first = self._result_cache is None
        super()._fetch_all()
        if is_first:
            hidden = self.hidden_walks(list(self._result_cache or ())[: self.per_page])
            try:
                note_shown(self.reader, hidden, where=self.where)
            except DatabaseError as error:
                if not is_full(error) or self.where in ALONE:
                    raise
                self._withhold(error)

    def _withhold(self, error: DatabaseError) -> None:
        """Without its trace no covert walk is shown: the list goes on without them, and its reader is told.

        The rows are read anew as those of a list that has no such walks, not left out of what was read: a pager that
        counts them would miss the page that follows.
        """
        logger.error("traces not written, covert walks withheld: %s", error)
        note_full(self.reader.pk)
        self._result_cache = list(self._without_hidden())

    def _without_hidden(self) -> Self:
        """The same rows of the same place, as if there were no covert walks not yet reported."""
        rows = self._clone()
        low, high = rows.query.low_mark, rows.query.high_mark
        rows.query.clear_limits()
        rows = rows.exclude(self.hidden_condition())
        rows.query.set_limits(low, high)
        return rows

    def hidden_condition(self) -> Q:
        """Which rows show a covert walk not yet reported. Needed for rows that are shown in a list."""
        raise NotImplementedError


class ShownWalks(TracedRows[Walk]):
    """Walks, as objects or by ``values()`` with ``TRACED``; other rows fail."""

    def hidden_walks(self, rows: Sequence) -> list[UUID]:
        if rows and isinstance(rows[0], dict):
            return [row["id"] for row in rows if row["is_covert"] and row["reported_at"] is None]
        return [walk.pk for walk in rows if walk.is_hidden]

    def hidden_condition(self) -> Q:
        return hidden()


def walks_shown_to(user: User, *, where: str = BY_ITSELF, per_page: int | None = None) -> ShownWalks:
    """The walks the person may know of, to be shown at ``where``."""
    return ShownWalks.over(walks_visible_to(user), user, where=where, per_page=per_page)


def note_shown(user: User, hidden: Collection[UUID], *, where: str) -> None:
    """A trace for each of these walks (ids). In a list or as a picture one for each person, walk and place in an hour,
    because lists and pictures are loaded again and again. No query when there is none; a write otherwise, and with
    ``where`` two queries before it.
    """
    if not hidden:
        return
    detail = {"where": where} if where else {}
    if where:
        told = audit.recorded_since(
            timezone.now() - SHOWN_AGAIN,
            actor=user,
            action=VIEWED,
            object_type="walk",
            keys=hidden,
            detail=detail,
            covert=True,
        )
        hidden = [pk for pk in hidden if str(pk) not in told]
    if hidden:
        audit.record_each(actor=user, action=VIEWED, object_type="walk", keys=list(hidden), detail=detail, covert=True)
