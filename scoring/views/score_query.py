"""What a request for scores asks for: period, settled version or the scores as they stand, and whose."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from core.exceptions import Refused
from reports.domain.compile import period_in
from reports.rules import may_compile
from scoring.domain.asked import Asked
from scoring.domain.audience import campaigns_scored_for
from scoring.domain.scores import Scores, asked_on, frozen_scores, narrowed, scores_of, units_seen
from scoring.domain.settled import sheets_of
from scoring.domain.sheet import UnitScore
from scoring.models import ScoreSheet
from scoring.rules import score_actors

LIVE = "live"


@dataclass(frozen=True)
class ScoreDesk:
    """``sheet``: the settled version that is shown, None for the scores as they stand; ``seen``: the units whose scores
    the person reads."""

    user: object
    asked: Asked
    sheets: list[ScoreSheet]
    sheet: ScoreSheet | None
    seen: set[int]

    @cached_property
    def live(self) -> Scores:
        return scores_of(self.asked)

    @cached_property
    def scores(self) -> Scores:
        return frozen_scores(self.asked, self.sheet) if self.sheet else self.live

    @property
    def units(self) -> list[UnitScore]:
        return narrowed(self.scores, self.seen)

    def unit(self, pk: int) -> UnitScore:
        """404 for a unit whose scores the person does not read."""
        return _unit(self.units, pk)

    def unit_now(self, pk: int) -> UnitScore:
        """The unit in the scores as they stand, settled or not: what is added to a score is added to these."""
        return _unit(narrowed(self.live, self.seen), pk)

    @property
    def last(self) -> int:
        """The version settled last, 0 for none."""
        return self.sheets[0].version if self.sheets else 0

    @property
    def place(self) -> dict:
        """What every page of scores shows in its head."""
        asked = self.asked
        context = {"campaign": asked.campaign, "period": asked.period, "scores": self.scores, "sheet": self.sheet}
        context |= {"sheets": self.sheets, "which": self.which, "not_yet": self.not_yet}
        return context | {"may_settle": may_compile(self.user, asked.campaign)}

    @property
    def not_yet(self) -> str:
        return self.asked.not_yet(timezone.localdate())

    @property
    def which(self) -> str:
        """The part of an address that asks for the same scores again."""
        if self.sheet:
            return f"?version={self.sheet.version}"
        return f"?version={LIVE}" if self.sheets else ""

    def parts(self, unit_id: int) -> frozenset[str]:
        """The parts of the person in the scores of a unit."""
        return score_actors(self.user, self.asked.campaign, unit_id)


def too_early(request, desk: ScoreDesk, title: str, **context) -> HttpResponse:
    """Instead of a form that would be refused: from which day it can be done."""
    status = 400 if request.method == "POST" else 200
    return render(request, "scoring/too_early.html", desk.place | context | {"title": title}, status=status)


def parse_scores(request, code: str, period: str) -> ScoreDesk:
    """404 for a campaign the person does not see, a period that is not scored, one of which the person reads no unit,
    or a version there is not; Refused in words for a period that cannot be asked of the campaign."""
    campaign = get_object_or_404(campaigns_scored_for(request.user), code=code)
    try:
        asked_period = period_in(campaign, period)
    except ValueError as error:
        raise Refused(str(error), rule="report.period") from error
    sheets = sheets_of(campaign, asked_period)
    asked = asked_on(campaign, asked_period, sheets[0].as_of if sheets else timezone.localdate())
    seen = units_seen(request.user, asked) if asked else set()
    if asked is None or not seen:
        raise Http404
    return ScoreDesk(request.user, asked, sheets, _sheet(sheets, request.GET.get("version", "")), seen)


def _unit(units: list[UnitScore], pk: int) -> UnitScore:
    found = next((unit for unit in units if unit.id == pk), None)
    if found is None:
        raise Http404
    return found


def _sheet(sheets: list[ScoreSheet], version: str) -> ScoreSheet | None:
    if version == LIVE or not sheets:
        if version not in ("", LIVE):
            raise Http404
        return None
    found = [sheet for sheet in sheets if version in ("", str(sheet.version))]
    if not found:
        raise Http404
    return found[0]
