"""Addresses of a period's pages. Each carries scope and day of judging, so that a figure and its list agree."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Region
from core.periods import Period
from reports.domain.figures import ReportQuery
from reports.domain.summary import UNCLASSIFIED


@dataclass(frozen=True)
class Links:
    """Pages of one period as seen through one scope on one day."""

    query: ReportQuery

    def _to(self, name: str, *args: str, **query) -> str:
        query = {"scope": self.query.report_scope.kind, "as_of": self.query.as_of.isoformat(), **query}
        path = reverse(name, args=[self.query.campaign.code, self.query.period.code, *args])
        return f"{path}?{urlencode({key: value for key, value in query.items() if value is not None})}"

    def report(self, **query) -> str:
        return self._to("report", **query)

    def workbook(self) -> str:
        return self._to("report_f9")

    def paper(self, key: str, *, unit: int | None = None) -> str:
        return self._to("paper", key, unit=unit)

    def paper_text(self, key: str, *, unit: int | None = None) -> str:
        return self._to("paper_text", key, unit=unit)

    def paper_pdf(self, key: str, *, unit: int | None = None) -> str:
        return self._to("paper_pdf", key, unit=unit)

    def pack(self) -> str:
        return self._to("report_pack")

    def rows(
        self, figure: str, *, unit: int | None = None, category: str | None = None, activity: str | None = None
    ) -> str:
        """The rows of one figure, of one unit, class (未分类 is the class "") or kind of activity of it if given."""
        named = None if category is None else category or UNCLASSIFIED
        return self._to("report_rows", figure, unit=unit, category=named, activity=activity)

    def zero_reports(self, period: Period) -> str:
        """The 零报告 of one reporting period of the campaign."""
        return f"{reverse('submissions', args=[self.query.campaign.code, period.code])}?status=zero"


@dataclass(frozen=True)
class RegionLinks:
    """Pages of 地区汇总 for one period, judged on one day."""

    code: str
    as_of: date

    def page(self, region: Region) -> str:
        return self._to("regions", region)

    def export(self, region: Region) -> str:
        return self._to("regions_export", region)

    def _to(self, name: str, region: Region) -> str:
        asked = {"region": region.pk, "period": self.code, "as_of": self.as_of.isoformat()}
        return f"{reverse(name)}?{urlencode(asked)}"
