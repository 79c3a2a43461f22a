"""What a request for scores asks for: period, settled version or the scores as they stand, and whose."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.models import Campaign
from core.exceptions import Refused
from core.periods import Period
from reports.domain.compile import period_in
from reports.rules import may_compile
from scoring.domain.asked import Rubrics, ScoreQuery, asked_of, rubrics_of
from scoring.domain.audience import campaigns_scored_for
from scoring.domain.scores import Scores, frozen_scores, is_on, narrowed, scores_of, units_seen_now
from scoring.domain.settled import sheets_shown_to, units_seen_in
from scoring.domain.sheet import UnitScore
from scoring.models import ScoreSheet
from scoring.rules import score_actors

LIVE = "live"


@dataclass(frozen=True)
class ScoreDesk:
    """One period of a campaign for one reader. ``sheets``: its settled versions, the last one first; ``sheet``: the one
    that is shown, None for the scores as they stand. What is shown of a settled version counts nothing anew."""

    user: object
    campaign: Campaign
    period: Period
    sheets: list[ScoreSheet]
    sheet: ScoreSheet | None

    @property
    def as_of(self) -> date:
        return self.sheets[0].as_of if self.sheets else timezone.localdate()

    @cached_property
    def asked(self) -> ScoreQuery:
        return asked_of(self.campaign, self.period, self.as_of)

    @cached_property
    def rubrics(self) -> Rubrics:
        return rubrics_of(self.campaign, self.period, self.as_of) if self.sheet else self.asked.rubrics

    @cached_property
    def live(self) -> Scores:
        return scores_of(self.asked)

    @cached_property
    def scores(self) -> Scores:
        return frozen_scores(self.sheet, self.period) if self.sheet else self.live

    @cached_property
    def seen(self) -> set[int]:
        """The units whose scores the person reads."""
        if self.sheet:
            return units_seen_in(self.user, self.sheet)
        return units_seen_now(self.user, self.asked) if is_on(self.asked) else set()

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
        context = {"campaign": self.campaign, "period": self.period, "scores": self.scores, "sheet": self.sheet}
        context |= {"sheets": self.sheets, "which": self.which, "not_yet": self.not_yet}
        return context | {"may_settle": may_compile(self.user, self.campaign)}

    @property
    def not_yet(self) -> str:
        """As ``Asked.not_yet``; what was settled has fallen due."""
        return "" if self.sheets else self.asked.not_yet(timezone.localdate())

    @property
    def which(self) -> str:
        """The part of an address that asks for the same scores again."""
        if self.sheet:
            return f"?version={self.sheet.version}"
        return f"?version={LIVE}" if self.sheets else ""

    def parts(self, unit_id: int) -> frozenset[str]:
        """The parts of the person in the scores of a unit."""
        return score_actors(self.user, self.campaign, unit_id)


def too_early(request, desk: ScoreDesk, title: str, **context) -> HttpResponse:
    """Instead of a form that would be refused: from which day it can be done."""
    status = 400 if request.method == "POST" else 200
    return render(request, "scoring/too_early.html", desk.place | context | {"title": title}, status=status)


def parse_scores(request, code: str, period: str) -> ScoreDesk:
    """404 for a campaign the person does not see, a period that is not scored, one of which the person reads no unit,
    or a version there is not; Refused in words for a period that cannot be asked of the campaign."""
    sheets = sheets_shown_to(request.user, code, period)
    campaign = sheets[0].campaign if sheets else get_object_or_404(campaigns_scored_for(request.user), code=code)
    shown = _sheet(sheets, request.GET.get("version", ""))
    desk = ScoreDesk(request.user, campaign, _period(campaign, sheets, period), sheets, shown)
    if not desk.seen:
        raise Http404
    return desk


def _period(campaign: Campaign, sheets: list[ScoreSheet], code: str) -> Period:
    """The period of the address, by the rules it was settled under where it is."""
    try:
        return Rulebook.from_data(sheets[0].rules.data).period(code) if sheets else period_in(campaign, code)
    except ValueError as error:
        raise Refused(str(error), rule="report.period") from error


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
