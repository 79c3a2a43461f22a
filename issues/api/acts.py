"""What is done to an issue through the API: every action of the transition table, by the form of its page."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from core.api import etag
from core.api_schema import KEY, MATCH, form_schema, photos_field
from evidence.api import ActEndpoint
from evidence.models import StoredFile
from issues.api.issues import IssueSerializer
from issues.domain import lifecycle
from issues.domain.detail import EVENT_LABELS
from issues.domain.queries import issues_visible_to
from issues.enums import CauseDepth
from issues.forms.actions import ACTION_FORMS, ActionForm
from issues.models import Issue

ACT = OpenApiParameter("act", str, OpenApiParameter.PATH, enum=list(ACTION_FORMS), description="操作")


def text(words: str) -> serializers.CharField:
    return serializers.CharField(required=False, help_text=words)


def day(words: str) -> serializers.DateField:
    return serializers.DateField(required=False, help_text=words)


def flag(words: str) -> serializers.BooleanField:
    return serializers.BooleanField(required=False, help_text=words)


def number(words: str) -> serializers.IntegerField:
    return serializers.IntegerField(required=False, help_text=words)


# Which of them an action asks for, GET of its address tells.
ASKED: dict[str, serializers.Field] = {
    "note": text("说明、理由、意见或进展"),
    "result": text("整改结果"),
    "measures": text("整改措施，每行一条"),
    "department": number("责任单位的 id"),
    "cooperating": serializers.ListField(child=serializers.IntegerField(), required=False, help_text="配合单位的 id"),
    "duty": text("配合任务"),
    "is_done": flag("配合任务已完成"),
    "responsible_person": number("责任人的 id"),
    "responsible_name": text("责任人姓名（没有账号时）"),
    "contact_phone": text("联系电话"),
    "due_on": day("整改时限"),
    "done_on": day("完成日期"),
    "again": flag("今天已催办过，仍要再次催办"),
    "extension_to": day("申请延至"),
    "review_on": day("复核日期"),
    "referred_to": text("转送单位"),
    "target": text("并入的问题编号"),
    "track": text("整改类型"),
    "category": text("改为的分类"),
    "is_priority": flag("重点"),
    "is_urgent": flag("急难愁盼"),
    "is_frequent": flag("高频"),
    "cause": text("原因分析"),
    "cause_depth": serializers.ChoiceField(CauseDepth.choices, required=False, help_text="问题层次"),
    "remark": text("备注"),
    "reuse_reason": text("佐证与其他问题重复，仍予销号的理由"),
    "evidence_kind": text("照片内容"),
    "password": text("登录密码：销号须本人登录办理，令牌不能代办"),
    "files": photos_field("佐证照片，可多张"),
}


@form_schema(
    asks=ActionForm, answers=IssueSerializer, words="办理一个问题", tag="问题", headers=(KEY, MATCH, ACT), **ASKED
)
class IssueAct(ActEndpoint):
    """``POST …/actions/{action}/`` with ``If-Match`` (the ``ETag`` of the issue)."""

    act, acts, rule = "issue", ACTION_FORMS, "issue.action"
    # Sent with every action by programs that are older than the rule that only some ask for it.
    also = ("password",)

    def rows(self):
        related = ("campaign", "item", "walk", "discovering_department", "responsible_department")
        return issues_visible_to(self.request.user).select_related(*related)

    def record(self) -> Issue:
        return get_object_or_404(self.rows(), number=self.kwargs["number"])

    def done(self) -> str:
        return EVENT_LABELS[self.act_name]

    def make(self, record: Issue, *sent: Any) -> ActionForm:
        return ACTION_FORMS[self.act_name](*sent, request=self.http, issue=record)

    def open(self, record: Issue) -> None:
        lifecycle.ensure_open(issue=record, action=self.act_name, actor=self.request.user)

    def save(self, record: Issue, form: ActionForm, files: list[StoredFile]) -> str:
        data = {**form.payload(), "files": files}
        lifecycle.perform(
            issue=record, action=self.act_name, actor=self.request.user, data=data, version=form.version_seen
        )  # fmt: skip
        return record.number

    def answer(self, result: str) -> Response:
        issue = get_object_or_404(self.rows(), number=result)
        return Response(IssueSerializer(issue).data, headers=etag(issue.version))
