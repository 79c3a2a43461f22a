"""Opening a walk through the API: at once, or from a row of a filed plan; and 报备 of a row."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from core.api import etag
from core.api_schema import KEY, MATCH, form_schema
from core.exceptions import NotAllowed
from core.forms import OnceForm
from evidence.api import FormEndpoint
from evidence.models import StoredFile
from plans.api.plans import PlanRowSerializer
from plans.domain import lifecycle as life
from plans.domain import walks
from plans.domain.queries import plans_visible_to, rows_of
from plans.forms.plans import NoticeForm, RowStartForm
from plans.forms.start import StartForm
from plans.models import PlanRow
from plans.views.plans import NAMED
from plans.views.walk_start import LIMIT, open_chosen, start_form
from walks.api.walks import WalkSerializer
from walks.domain.shown import walks_shown_to
from walks.domain.start_options import items_to_start
from walks.models import Walk
from walks.rules import may_start


class OpenedSerializer(WalkSerializer):
    """The walk, and what there is to warn of: it is made all the same."""

    warning = serializers.CharField(help_text="提醒；没有提醒或者重复提交时为空")

    class Meta(WalkSerializer.Meta):
        fields = [*WalkSerializer.Meta.fields, "warning"]


MORE = {
    "walker": serializers.IntegerField(required=False, help_text="体验人的 id，联络员登记的必填"),
}


class WalkMade(FormEndpoint):
    """A form by which a walk comes into being."""

    made = True

    def answer(self, result: str) -> Response:
        walk = get_object_or_404(walks_shown_to(self.request.user).select_related("campaign"), pk=UUID(result))
        return Response(WalkSerializer(walk).data, headers=etag(walk.version))


@form_schema(asks=StartForm, answers={201: OpenedSerializer}, words="开始一次体验", tag="体验", headers=(KEY,), **MORE)
class WalkStart(WalkMade):
    """``item`` is the id of a service item; the first ones to choose from are told, those of a name by ``?q=``."""

    act, words, warning = "walk.start", "开始体验", ""

    def find(self) -> None:
        return None

    def open(self, record: None) -> None:
        if not may_start(self.request.user):
            raise NotAllowed("体验由各单位负责同志或联络员开始，您没有此项权限。", rule="permission")

    def make(self, record: None, *sent: Any) -> StartForm:
        form = start_form(self.request.user, *sent[:1])
        if not sent:
            text = self.request.query_params.get("q", "").strip()[:60]
            fields: dict[str, Any] = form.fields
            fields["item"].choices = [
                (one.pk, one.name) for one in items_to_start(self.request.user, text=text, limit=LIMIT)
            ]
        return form

    def save(self, record: None, form: StartForm, files: list[StoredFile]) -> UUID:
        walk, self.warning = open_chosen(self.request.user, form)
        return walk.pk

    def answer(self, result: str) -> Response:
        answer = super().answer(result)
        answer.data["warning"] = self.warning
        return answer


class RowEndpoint(FormEndpoint):
    """A form over a row of a plan that the caller sees; ``step``: the step the plan must be open to."""

    step = ""

    def find(self) -> PlanRow:
        plans = plans_visible_to(self.request.user).select_related(*NAMED)
        plan = get_object_or_404(plans, pk=self.kwargs["pk"])
        row = get_object_or_404(rows_of(plan), pk=self.kwargs["row_id"])
        row.plan = plan
        return row

    def open(self, record: PlanRow) -> None:
        life.require_state(record.plan, life.require_actor(record.plan, self.step, self.request.user))


ROW = OpenApiParameter("row_id", int, OpenApiParameter.PATH, description="计划行的 id")


@form_schema(
    asks=RowStartForm, answers={201: WalkSerializer}, words="按计划开始体验", tag="计划", headers=(KEY, ROW)
)  # fmt: skip
class PlanRowStart(RowEndpoint, WalkMade):
    act, words, step = "plan.walk", "按计划开始体验", "start"

    def make(self, record: PlanRow, *sent: Any) -> OnceForm:
        return RowStartForm(*sent[:1])

    def save(self, record: PlanRow, form: RowStartForm, files: list[StoredFile]) -> UUID:
        walk: Walk = walks.start_row(row=record, actor=self.request.user)
        return walk.pk


@form_schema(asks=NoticeForm, answers=PlanRowSerializer, words="报备体验时间", tag="计划", headers=(KEY, MATCH, ROW))
class PlanNotice(RowEndpoint):
    act, words, step = "plan.notice", "报备", "notice"

    def make(self, record: PlanRow, *sent: Any) -> NoticeForm:
        initial = {"when": walks.next_moment(record, timezone.now())}
        return NoticeForm(*sent[:1], initial=initial, token=walks.token_of_notice(record))

    def save(self, record: PlanRow, form: NoticeForm, files: list[StoredFile]) -> int:
        when = form.cleaned_data["when"]
        walks.give_notice(row=record, actor=self.request.user, when=when, seen=form.seen_token)
        return record.pk

    def answer(self, result: str) -> Response:
        row = self.find()
        return Response(PlanRowSerializer(row).data, headers=etag(walks.token_of_notice(row)))
