"""A plan written and sent through the API: begun, its rows saved as a whole, handed in and what follows."""

from collections.abc import Collection
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import as_form_data, etag
from core.api_forms import described, plain
from core.api_schema import KEY, MATCH, form_schema
from core.exceptions import Refused
from evidence.api import ActEndpoint, FormEndpoint
from evidence.models import StoredFile
from plans.api.plans import PlanSerializer
from plans.domain import filing
from plans.domain import lifecycle as life
from plans.domain.queries import plans_visible_to
from plans.forms.grid import PlanGridForm, PlanRowForm
from plans.forms.plans import PlanActForm, PlanStartForm
from plans.models import Plan
from plans.views.acts import PAGES
from plans.views.grid import plan_grid, require_writable
from plans.views.plans import NAMED
from walks.rules import may_start

TAG = "计划"
ACT = OpenApiParameter("act", str, OpenApiParameter.PATH, enum=list(PAGES), description="操作")
NOTE = {"note": serializers.CharField(required=False, help_text="备案意见、退回原因或调整原因")}


class PlanEndpoint(FormEndpoint):
    """A form over one plan; answers with the plan to go on with."""

    def find(self) -> Any:
        return get_object_or_404(plans_visible_to(self.request.user).select_related(*NAMED), pk=self.kwargs["pk"])

    def answer(self, result: str) -> Response:
        rows = plans_visible_to(self.request.user).select_related("campaign").prefetch_related("rows__walker")
        plan = get_object_or_404(rows, pk=result)
        return Response(PlanSerializer(plan).data, headers=etag(plan.version))


@form_schema(asks=PlanStartForm, answers={201: PlanSerializer}, words="起草一期计划", tag=TAG, headers=(KEY,))
class PlanStart(PlanEndpoint):
    act, words, made = "plan.start", "起草计划", True

    def find(self) -> None:
        return None

    def open(self, record: None) -> None:
        life.require(may_start(self.request.user))

    def make(self, record: None, *sent: Any) -> PlanStartForm:
        duties = filing.duties_of(self.request.user, today=timezone.localdate())
        form = PlanStartForm(*sent[:1], duties=duties)
        if not sent:
            names = {one.value: f"{one.department}：{one.campaign} {one.label}" for one in duties}
            fields: dict[str, Any] = form.fields
            fields["place"].choices = list(names.items())
        return form

    def save(self, record: None, form: PlanStartForm, files: list[StoredFile]) -> int:
        duty = form.duties[form.cleaned_data["place"]]
        place = {"campaign": duty.campaign, "department_id": duty.department_id, "period": duty.period}
        return life.open_plan(actor=self.request.user, **place).pk


@form_schema(asks=PlanActForm, answers=PlanSerializer, words="办理一份计划", tag=TAG, headers=(KEY, MATCH, ACT), **NOTE)
class PlanAct(ActEndpoint, PlanEndpoint):
    act, acts, rule = "plan.act", PAGES, "plan.action"

    def record(self) -> Plan:
        return PlanEndpoint.find(self)

    def open(self, record: Plan) -> None:
        life.ensure_open(record, self.act_name, self.request.user)

    def make(self, record: Plan, *sent: Any) -> PlanActForm:
        return PlanActForm(*sent[:1], plan=record, act=life.TABLE.by_action[self.act_name])

    def save(self, record: Plan, form: PlanActForm, files: list[StoredFile]) -> int:
        note, version = form.cleaned_data.get("note", ""), form.cleaned_data["version"]
        return life.perform(
            plan=record, action=self.act_name, actor=self.request.user, note=note, version=version
        ).pk  # fmt: skip


class RowSerializer(serializers.Serializer):
    """One row as the grid of the page takes it; ``id`` of the row it replaces."""

    id = serializers.IntegerField(required=False, help_text="原有的行的 id；新的一行不填")
    item = serializers.CharField(help_text="体验事项的名称")
    activity_kind = serializers.CharField(required=False, help_text="活动类型")
    mode = serializers.CharField(help_text="体验形式")
    walker = serializers.IntegerField(help_text="体验人的 id")
    delegation_reason = serializers.CharField(required=False, help_text="委托理由")
    planned_on = serializers.DateField(required=False, help_text="计划时间")
    place = serializers.CharField(required=False, help_text="地点或渠道")
    companions_business = serializers.IntegerField(
        required=False, help_text="陪同人数，companions_ 后为陪同人员类别，以 GET 列出的为准"
    )
    questions = serializers.CharField(required=False, help_text="拟关注问题")
    remark = serializers.CharField(required=False, help_text="备注")


ROWS = {"rows": RowSerializer(many=True, help_text="计划的全部各行，按顺序；没有列出的原有各行即去掉")}


@form_schema(
    asks=PlanGridForm, answers=PlanSerializer, words="保存计划各行", tag=TAG, headers=(KEY, MATCH), **ROWS
)  # fmt: skip
class PlanEdit(PlanEndpoint):
    """The rows of a plan, saved as a whole as by the grid of the page."""

    act, words = "plan.save", "保存计划"
    also = ("rows",)

    def open(self, record: Plan) -> None:
        require_writable(record, self.request.user)

    def get(self, request: Request, **kwargs: Any) -> Response:
        plan = self.find()
        form = self.opened(plan)
        told = described(form.blank)["fields"]
        rows = [_told_row(row) for row in form.rows if row.initial.get("pk")]
        return Response({"fields": told, "rows": rows}, headers=etag(plan.version))

    def make(self, record: Plan, *sent: Any) -> PlanGridForm:
        return plan_grid(sent[0] if sent else None, record)

    def form_data(self, body: object) -> QueryDict:
        """The rows under the names the grid gives its cells."""
        sent = dict(body) if isinstance(body, dict) else body
        rows = sent.pop("rows", None) if isinstance(sent, dict) else None
        data = as_form_data(sent)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            words = "应为各行的列表，每行一个 JSON 对象"
            raise Refused("提交的内容有误，未办理。", rule="fields", fields={"rows": words})
        for number, row in enumerate(rows):
            data.appendlist("row", str(number))
            for name, value in as_form_data(row).lists():
                data.setlist(f"r{number}-{'pk' if name == 'id' else name}", value)
        self.rows = rows
        return data

    def require_asked(self, form: PlanGridForm, sent: dict) -> None:
        super().require_asked(form, sent)
        known = {*form.blank.fields, "id"} - {"pk"}
        if wrong := wrong_rows(self.rows, known=known, have=form.stored):
            words = f"{'；'.join(wrong[:20])}。没有保存。一行可用的有：{'、'.join(sorted(known))}。"
            raise Refused("提交的内容有误，未办理。", rule="fields", fields={"rows": words})

    def refusal(self, form: PlanGridForm) -> dict[str, str]:
        wrong = {f"{one['row']}.{one['label']}": str(one["message"]) for one in form.cell_errors}
        return super().refusal(form) | wrong

    def save(self, record: Plan, form: PlanGridForm, files: list[StoredFile]) -> int:
        version = form.cleaned_data["version"]
        life.save_rows(plan=record, actor=self.request.user, version=version, rows=form.drafts())
        return record.pk


def wrong_rows(rows: list[dict], *, known: Collection[str], have: Collection[int]) -> list[str]:
    """What keeps rows from being read: a name no cell has, a row without its item, an id that is none of the plan or
    stands twice."""
    wrong: list[str] = []
    seen: set[int] = set()
    for number, row in enumerate(rows, start=1):
        if unknown := sorted(str(name) for name in row if name not in known):
            wrong.append(f"第 {number} 行没有名为“{'”“'.join(name[:30] for name in unknown)}”的内容")
        if not row.get("item"):
            wrong.append(f"第 {number} 行没有填写 item")
        if (pk := row.get("id")) is not None:
            if not isinstance(pk, int) or pk not in have or pk in seen:
                wrong.append(f"第 {number} 行的 id 不是这份计划的行，或者写了两次")
            else:
                seen.add(pk)
    return wrong


def _told_row(row: PlanRowForm) -> dict:
    return {"id" if name == "pk" else name: plain(row[name].value()) for name in row.fields}
