"""Issues in the caller's scope with their measures and events, and every action of the transition table by POST; needs,
read-only.

State changes fill the same forms as the pages and end in the same domain call. ``Idempotency-Key`` makes a repeated
request give the first answer; ``If-Match`` carries the version that was read (the ``ETag`` of the issue).
"""

from functools import cached_property

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from accounts.authentication import refuse_token
from core.api import as_form_data, key_of, read_filters, require_known, without_password
from core.api_filters import is_filtered
from core.calendar import work_calendar
from core.exceptions import Refused
from core.forms import ANSWER
from core.idempotency import body_digest, once, seen
from core.text import mask_phone
from core.workdays import WorkCalendar, late_words
from issues.columns import api_fields
from issues.domain import ledger, lifecycle
from issues.domain.detail import EVENT_LABELS, measure_line
from issues.domain.needs.queries import needs_visible_to, views_of
from issues.domain.queries import history_of, issues_visible_to, measures_of
from issues.enums import CauseDepth
from issues.filters import LedgerFilter
from issues.forms.actions import ACTION_FORMS, ActionForm
from issues.forms.needs import TABS, NeedTabForm
from issues.models import Issue, Need, NeedSubject
from issues.tables import VIEWS

HEADERS = [
    OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True),
    OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True),
    OpenApiParameter("act", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(ACTION_FORMS)),
]


ISSUE_FILTERS = [
    OpenApiParameter("tab", str, enum=list(VIEWS), description="视图；不填为全部"),
    *(
        OpenApiParameter(name, str, description=f"{one.label}，与台账页面的条件相同")
        for name, one in LedgerFilter.base_filters.items()
    ),
]


class IssueSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugRelatedField(slug_field="code", read_only=True)
    item = serializers.CharField(source="item.name", read_only=True, default=None)
    contact_phone = serializers.SerializerMethodField()

    class Meta:
        model = Issue

    def get_field_names(self, declared_fields, info):
        """Those of the ledger's columns, and what only the API says."""
        return api_fields()

    def get_contact_phone(self, issue) -> str:
        return mask_phone(issue.contact_phone)


class MeasureSerializer(serializers.Serializer):
    """One measure; ``percent``: the reduction from ``before`` to ``after``, null where none was claimed."""

    round = serializers.IntegerField()
    text = serializers.CharField()
    owner = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    progress = serializers.CharField()
    progress_on = serializers.DateField(allow_null=True)
    reduction = serializers.CharField()
    before = serializers.IntegerField(allow_null=True)
    after = serializers.IntegerField(allow_null=True)
    percent = serializers.FloatField(allow_null=True)


class EventSerializer(serializers.Serializer):
    """One step of an issue, with the state it led to and the date that held afterwards."""

    action = serializers.CharField(source="kind")
    label = serializers.SerializerMethodField()
    actor = serializers.CharField(source="actor.label", default="系统")
    at = serializers.DateTimeField()
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()

    def get_label(self, event) -> str:
        return EVENT_LABELS.get(event.kind, event.kind)


class ActionInputSerializer(serializers.Serializer):
    """Fields of the action's form; which ones an action asks for is named in its refusal."""

    note = serializers.CharField(required=False)
    result = serializers.CharField(required=False)
    measures = serializers.CharField(required=False, help_text="每行一条")
    department = serializers.IntegerField(required=False)
    cooperating = serializers.ListField(child=serializers.IntegerField(), required=False)
    responsible_person = serializers.IntegerField(required=False)
    responsible_name = serializers.CharField(required=False)
    contact_phone = serializers.CharField(required=False)
    due_on = serializers.DateField(required=False)
    done_on = serializers.DateField(required=False)
    again = serializers.BooleanField(required=False, help_text="今天已催办过，仍要再次催办")
    extension_to = serializers.DateField(required=False, help_text="申请延至")
    review_on = serializers.DateField(required=False)
    referred_to = serializers.CharField(required=False)
    target = serializers.CharField(required=False)
    track = serializers.CharField(required=False)
    personal_data = serializers.ChoiceField(
        ["mask", "keep"], required=False, help_text="内容里有疑似身份证号、手机号时：mask 遮盖后办理，keep 原样办理"
    )
    password = serializers.CharField(required=False, help_text="销号须附办理人的登录密码")
    duty = serializers.CharField(required=False, help_text="配合任务")
    is_done = serializers.BooleanField(required=False, help_text="配合任务已完成")
    category = serializers.CharField(required=False, help_text="改为的分类")
    is_priority = serializers.BooleanField(required=False, help_text="重点")
    is_urgent = serializers.BooleanField(required=False, help_text="急难愁盼")
    is_frequent = serializers.BooleanField(required=False, help_text="高频")
    cause = serializers.CharField(required=False, help_text="原因分析")
    cause_depth = serializers.ChoiceField(CauseDepth.choices, required=False, help_text="问题层次")
    reuse_reason = serializers.CharField(required=False, help_text="佐证与其他问题重复，仍予销号的理由")


class IssueViewSet(viewsets.ReadOnlyModelViewSet):
    """问题: list, one by number, and ``POST …/actions/{action}/``."""

    serializer_class = IssueSerializer
    lookup_field = "number"
    lookup_value_regex = "[^/]+"
    ordering = "-number"

    def get_queryset(self):
        related = ("campaign", "item", "walk", "discovering_department", "responsible_department")
        return issues_visible_to(self.request.user).select_related(*related)

    def filter_queryset(self, queryset):
        if self.detail or not is_filtered(self.request):
            return queryset
        user, today = self.request.user, timezone.localdate()
        choices = ledger.filter_choices(user, today)
        filters = LedgerFilter(self.request.query_params, queryset, choices=choices, today=today)
        tab = read_filters(filters.form, also={"tab": tuple(VIEWS)})["tab"]
        return ledger.in_view(filters.qs, tab or "all", user, today)

    @extend_schema(parameters=ISSUE_FILTERS)
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)

    def retrieve(self, request, *args, **kwargs):
        issue = self.get_object()
        return Response(self.get_serializer(issue).data, headers={"ETag": f'"{issue.version}"'})

    @extend_schema(responses=MeasureSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def measures(self, request, number):
        """整改措施 of every round, in order."""
        lines = [measure_line(one) for one in measures_of(self.get_object())]
        return Response(MeasureSerializer(lines, many=True).data)

    @extend_schema(responses=EventSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def events(self, request, number):
        """办理经过: who did what when, the oldest first."""
        return Response(EventSerializer(history_of(self.get_object()), many=True).data)

    @extend_schema(request=ActionInputSerializer, responses=IssueSerializer, parameters=HEADERS)
    @action(detail=True, methods=["post"], url_path="actions/(?P<act>[a-z_]+)", url_name="act")
    def act(self, request, number, act):
        issue = self.get_object()
        if act not in ACTION_FORMS:
            raise Refused(f"没有名为“{act}”的操作。可用的操作：{'、'.join(ACTION_FORMS)}。", rule="issue.action")
        version, key = _version(request), key_of(request)
        form = ACTION_FORMS[act](as_form_data(request.data), request=request._request, issue=issue)
        if form.needs_password:
            refuse_token(request, EVENT_LABELS[act])
        require_known(request.data, form, also=("password", ANSWER))
        if seen(user=request.user, key=key) is None:
            # Before the transaction: a wrong password must stay counted when the request is refused.
            _require_valid(form, issue, act)
        _, ran = once(
            user=request.user,
            key=key,
            scope=f"api.issue.{act}:{issue.pk}",
            digest=body_digest({"body": without_password(request.data), "version": version}),
            act=lambda: _carry_out(request, issue, act, form, version),
        )
        issue = get_object_or_404(self.get_queryset(), number=number)
        headers = {"ETag": f'"{issue.version}"', "Idempotent-Replay": "false" if ran else "true"}
        return Response(self.get_serializer(issue).data, headers=headers)


def _require_valid(form: ActionForm, issue: Issue, name: str) -> None:
    lifecycle.ensure_open(issue=issue, action=name, actor=form.user)
    if not form.is_valid():
        fields = {field: "；".join(messages) for field, messages in form.errors.items()}
        raise Refused("提交的内容有误，未办理。", rule="fields", fields=fields)


def _carry_out(request, issue: Issue, name: str, form: ActionForm, version: int) -> str:
    lifecycle.perform(issue=issue, action=name, actor=request.user, data=form.payload(), version=version)
    return issue.number


def _version(request) -> int:
    raw = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9:
        raise Refused("请求缺少 If-Match，或其值不是读取时得到的版本号，未办理。", rule="if_match")
    return int(raw)


NEED_FILTERS = [
    OpenApiParameter("tab", str, enum=list(TABS), description="状态：mine 只对单位人员有；不填为全部"),
    OpenApiParameter("campaign", str, description="活动代码"),
    OpenApiParameter("department", int, description="回应单位的 id"),
    OpenApiParameter("subject", str, enum=NeedSubject.values, description="需求主体"),
]


class NeedSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    campaign = serializers.SlugRelatedField(slug_field="code", read_only=True)
    department_name = serializers.CharField(source="department.name", read_only=True)
    found_by = serializers.CharField(source="walk.department_name", read_only=True, help_text="收集单位")
    walk_date = serializers.DateField(source="walk.walk_date", read_only=True)
    item = serializers.CharField(source="walk.item_name", read_only=True)
    late = serializers.SerializerMethodField(help_text="逾期几个工作日，没有逾期为空")

    class Meta:
        model = Need
        fields = [
            "id", "campaign", "subject", "content", "state", "version", "department", "department_name", "reply_by",
            "first_reply_by", "reply", "replied_on", "return_reason", "late", "found_by", "walk_date", "item",
        ]  # fmt: skip

    def get_late(self, need) -> str:
        return late_words(need.reply_by, need.replied_on or timezone.localdate(), self.context["view"].work_calendar)


class NeedViewSet(viewsets.ReadOnlyModelViewSet):
    """需求 of walks that were reported."""

    serializer_class = NeedSerializer
    lookup_field = "public_id"
    lookup_url_kwarg = "pk"
    ordering = ("reply_by", "id")

    @cached_property
    def work_calendar(self) -> WorkCalendar:
        return work_calendar()

    def get_queryset(self):
        return needs_visible_to(self.request.user).select_related("campaign", "department", "walk")

    def filter_queryset(self, queryset):
        if self.detail:
            return queryset
        user = self.request.user
        views = views_of(user, timezone.localdate())
        form = NeedTabForm(self.request.query_params, user=user, views=views)
        tab = read_filters(form)["tab"] or "all"
        return form.narrow(queryset).filter(views[tab])

    @extend_schema(parameters=NEED_FILTERS)
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)
