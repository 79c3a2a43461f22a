"""What is noted on a walk through the API: steps, records of the required components, 等结果, what is taken back."""

from typing import Any
from uuid import UUID

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from core.api import etag
from core.api_schema import KEY, MATCH, form_schema
from core.forms import OnceForm
from evidence.api import FormEndpoint
from evidence.models import StoredFile
from walks.domain import components, lifecycle
from walks.domain.queries import noted_steps, photo_links
from walks.domain.shown import walks_shown_to
from walks.domain.stored import stored_step, token_of_step
from walks.forms.components import ComponentForm
from walks.forms.walks import StepForm, WaitingForm, WithdrawForm
from walks.models import Step, Walk
from walks.views.components import component_form, component_step
from walks.views.steps import NAMED, own_step, take_back, withdrawal_form

TAG = "体验"


class PhotosSerializer(serializers.Serializer):
    """A record with ``photos``: ids of its files (``/api/v1/files/{id}/``). The context holds {id of the record: its
    links}."""

    photos = serializers.SerializerMethodField(help_text="照片的标识")

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_photos(self, record: Model) -> list[str]:
        return [str(link.file_id) for link in self.context["photos"].get(record.pk, ()) if link.withdrawn_at is None]


class StepSerializer(PhotosSerializer):
    """One step, or one record of a component."""

    id = serializers.UUIDField(source="public_id", help_text="记录的标识")
    component = serializers.CharField(help_text="规定环节代码，办理步骤为空")
    stage = serializers.CharField(help_text="办理步骤代码")
    place = serializers.CharField(source="place_label", help_text="步骤或规定环节的名称")
    happened_at = serializers.DateTimeField(help_text="时间")
    note = serializers.CharField(help_text="经过")
    assessment = serializers.CharField(help_text="办理感受")
    item = serializers.CharField(source="item_name", help_text="检查事项")
    person = serializers.CharField(help_text="回访对象或参加人员")
    phone = serializers.CharField(help_text="联系电话（已遮盖）")
    served_on = serializers.DateField(allow_null=True, help_text="对方办理或咨询日期")
    is_valid = serializers.BooleanField(help_text="有效回访")
    ratings = serializers.DictField(child=serializers.CharField(), help_text="各要素的评价")
    version = serializers.SerializerMethodField(help_text="版本号，修改时放入 If-Match")
    withdrawn_at = serializers.DateTimeField(allow_null=True, help_text="撤回时间")

    def get_version(self, step: Step) -> str:
        return token_of_step(step) or ""


def told_steps(steps: list[Step]) -> list[dict]:
    """Steps with their photos; one query."""
    context = {"photos": photo_links(step.pk for step in steps)}
    return list(StepSerializer(steps, many=True, context=context).data)


class WalkEndpoint(FormEndpoint):
    """A form over a walk that takes content: seen (else 404), the person's own (else 403), still open (else 409)."""

    def find(self) -> Walk:
        walks = walks_shown_to(self.request.user).select_related(*NAMED)
        return get_object_or_404(walks, pk=self.kwargs["pk"])

    def open(self, record: Walk) -> None:
        lifecycle.require_editor(walk=record, actor=self.request.user)


class NotedEndpoint(WalkEndpoint):
    """A form over one record of the walk, old or new."""

    def answer(self, result: str) -> Response:
        steps = noted_steps(Walk(pk=self.kwargs["pk"]))
        step = get_object_or_404(steps, public_id=UUID(result))
        return Response(told_steps([step])[0], headers=etag(token_of_step(step)))


@form_schema(asks=StepForm, answers={201: StepSerializer}, words="登记一个办理步骤", tag=TAG, headers=(KEY,))
class StepAdd(NotedEndpoint):
    act, words, made = "step.add", "登记步骤", True

    def make(self, record: Walk, *sent: Any) -> OnceForm:
        return StepForm(*sent, walk=record)

    def save(self, record: Walk, form: StepForm, files: list[StoredFile]) -> UUID:
        return lifecycle.add_step(walk=record, actor=self.request.user, files=files, **form.facts()).public_id


@form_schema(asks=StepForm, answers=StepSerializer, words="修改一个办理步骤", tag=TAG, headers=(KEY, MATCH))
class StepEdit(NotedEndpoint):
    act, words = "step.edit", "修改步骤"

    def make(self, record: Walk, *sent: Any) -> OnceForm:
        self.step = own_step(record, self.kwargs["step_id"])
        return StepForm(*sent, walk=record, step=self.step)

    def save(self, record: Walk, form: StepForm, files: list[StoredFile]) -> UUID:
        facts = form.facts(self.step)
        return lifecycle.edit_step(
            step=self.step, actor=self.request.user, seen=form.seen_token, files=files, **facts
        ).public_id  # fmt: skip


RATING = serializers.CharField(required=False, help_text="第 1 个要素的评价；其余要素依次为 r1、r2 等")


@form_schema(
    asks=ComponentForm, answers={201: StepSerializer}, words="登记一条规定环节", tag=TAG, headers=(KEY,), r0=RATING
)  # fmt: skip
class ComponentAdd(NotedEndpoint):
    act, words, made = "part.add", "登记规定环节", True

    def make(self, record: Walk, *sent: Any) -> OnceForm:
        return component_form(self.http, record, self.kwargs["code"], data=sent)

    def save(self, record: Walk, form: ComponentForm, files: list[StoredFile]) -> UUID:
        facts = {"code": form.component.code, **form.facts()}
        return components.add(walk=record, actor=self.request.user, files=files, **facts).public_id


@form_schema(
    asks=ComponentForm, answers=StepSerializer, words="修改一条规定环节", tag=TAG, headers=(KEY, MATCH), r0=RATING
)  # fmt: skip
class ComponentEdit(NotedEndpoint):
    act, words = "part.edit", "修改规定环节"

    def make(self, record: Walk, *sent: Any) -> OnceForm:
        self.step = component_step(record, self.kwargs["step_id"])
        return component_form(self.http, record, self.step.component, self.step, data=sent)

    def save(self, record: Walk, form: ComponentForm, files: list[StoredFile]) -> UUID:
        facts = {"seen": form.seen_token, **form.facts()}
        return components.edit(step=self.step, actor=self.request.user, files=files, **facts).public_id


@form_schema(
    asks=WithdrawForm, answers=StepSerializer, words="撤回一条记录或其中一张照片", tag=TAG, headers=(KEY, MATCH)
)
class StepWithdraw(NotedEndpoint):
    act, words = "step.withdraw", "撤回记录"

    def make(self, record: Walk, *sent: Any) -> OnceForm:
        step_id = self.kwargs["step_id"]
        self.step = get_object_or_404(noted_steps(record).select_related("walk"), public_id=step_id)
        read = component_step if self.step.component else own_step
        self.step = read(record, step_id)
        links = photo_links([self.step.pk]).get(self.step.pk, [])
        return withdrawal_form(links, stored_step(self.step), *sent[:1])

    def save(self, record: Walk, form: WithdrawForm, files: list[StoredFile]) -> UUID:
        return take_back(self.step, self.request.user, form)


class WaitingSerializer(serializers.Serializer):
    is_waiting = serializers.BooleanField(help_text="等结果")


@form_schema(asks=WaitingForm, answers=WaitingSerializer, words="标记等结果或已取得结果", tag=TAG, headers=(KEY,))
class WalkWaiting(WalkEndpoint):
    act, words = "walk.waiting", "标记等结果"

    def make(self, record: Walk, *sent: Any) -> OnceForm:
        return WaitingForm(*sent[:1])

    def save(self, record: Walk, form: WaitingForm, files: list[StoredFile]) -> str:
        lifecycle.set_waiting(walk=record, waiting=form.cleaned_data["waiting"], actor=self.request.user)
        return str(record.pk)

    def answer(self, result: str) -> Response:
        return Response({"is_waiting": self.find().is_waiting})
