"""A period of a campaign through the API: compiled, its statistics table and papers, the material of a unit."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import AnyAccept
from core.api_jobs import JobSerializer
from core.api_schema import KEY, form_schema
from core.exceptions import NotAllowed, Refused
from core.forms import OnceForm
from evidence.api import FormEndpoint
from evidence.models import StoredFile
from reports import tasks
from reports.domain import compile as compiling
from reports.domain import unit_pack, unit_pack_job
from reports.domain.queries import jobs_visible_to
from reports.forms.papers import PackForm
from reports.rules import may_compile
from reports.views.papers import paper
from reports.views.report import report_f9
from reports.views.report_query import ParsedQuery, parse_report_query

TAG = "汇总"
PLACE = (
    OpenApiParameter("code", str, OpenApiParameter.PATH, description="活动代码"),
    OpenApiParameter("period", str, OpenApiParameter.PATH, description="期间，如 2022-06"),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read_strictly(request: Request, code: str, period: str) -> ParsedQuery:
    """``parse_report_query``, but what it would pass over in the address is refused."""
    parsed = parse_report_query(request._request, code, period)
    names, scopes = {"scope", "as_of", "unit", "format"}, [one.kind for one in parsed.choices]
    wrong = {name: f"可用的有：{'、'.join(sorted(names))}" for name in request.query_params if name not in names}
    if request.query_params.get("scope", scopes[0]) not in scopes:
        wrong["scope"] = f"可用的有：{'、'.join(scopes)}"
    if parsed.notes:
        wrong["as_of"] = "日期应形如 2022-06-22"
    if wrong:
        raise Refused("查询条件有误，没有办理。", rule="filter", fields=wrong)
    return parsed


class PeriodEndpoint(FormEndpoint):
    """A form by which a job begins; answers with the job."""

    made = True

    def find(self) -> ParsedQuery:
        return read_strictly(self.request, self.kwargs["code"], self.kwargs["period"])

    def answer(self, result: str) -> Response:
        return Response(JobSerializer(get_object_or_404(jobs_visible_to(self.request.user), pk=UUID(result))).data)


@form_schema(asks=OnceForm, answers={201: JobSerializer}, words="汇总一期", tag=TAG, headers=(KEY, *PLACE))
class PeriodCompile(PeriodEndpoint):
    act, words = "period.compile", "汇总"

    def open(self, record: ParsedQuery) -> None:
        if not may_compile(self.request.user, record.query.campaign):
            raise NotAllowed(compiling.NOT_YOURS, rule="summary.compile")

    def make(self, record: ParsedQuery, *sent: Any) -> OnceForm:
        return OnceForm(*sent[:1])

    def save(self, record: ParsedQuery, form: OnceForm, files: list[StoredFile]) -> UUID:
        query = record.query
        asked = {"campaign": query.campaign, "period": query.period, "actor": self.request.user}
        return compiling.request(**asked, send=tasks.compile_summary.delay).pk


@form_schema(
    asks=PackForm, answers={201: JobSerializer}, words="生成一个单位的本期材料", tag=TAG, headers=(KEY, *PLACE)
)
class PeriodPack(PeriodEndpoint):
    act, words = "period.pack", "生成材料"

    def find(self) -> ParsedQuery:
        parsed = super().find()
        self.units = unit_pack.units_with_packs(parsed.query, parsed.choices)
        if not self.units:
            raise Http404
        return parsed

    def open(self, record: ParsedQuery) -> None:
        """Whoever has units with material may have it."""

    def make(self, record: ParsedQuery, *sent: Any) -> PackForm:
        return PackForm(*sent[:1], units=self.units)

    def save(self, record: ParsedQuery, form: PackForm, files: list[StoredFile]) -> UUID:
        unit, user = form.cleaned_data["unit"], self.request.user
        query = unit_pack.narrowed(record.query, unit, self.units[unit], user)
        return unit_pack_job.request(query=query, unit_id=unit, actor=user, send=tasks.write_unit_pack.delay).pk


class PeriodStatistics(APIView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="一期的统计表", tags=[TAG], parameters=list(PLACE), responses={(200, XLSX): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, code: str, period: str) -> FileResponse:
        read_strictly(request, code, period)
        return report_f9(request._request, code, period)


class PeriodPaper(APIView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="一期的一种文书",
        tags=[TAG],
        parameters=[*PLACE, OpenApiParameter("kind", str, OpenApiParameter.PATH, description="文书种类")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, code: str, period: str, kind: str) -> FileResponse:
        read_strictly(request, code, period)
        return paper(request._request, code, period, kind)
