"""The description of the API (OpenAPI) in Chinese: what every operation and every value is called."""

from collections.abc import Mapping
from typing import Any

from django import forms
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers

from core.api_forms import is_files
from core.forms import ANSWER, KEEP, MASK, RecordsField
from core.idempotency import FIELD

# What a value is called that stands under the same name in many places and has no words of its own.
NAMES = {
    "accepted_at": "接收时间",
    "act": "操作",
    "action": "操作代码",
    "actor": "办理人",
    "at": "时间",
    "campaign": "活动代码",
    "category": "分类",
    "checker_name": "审核单位",
    "code": "活动代码",
    "component": "规定环节代码",
    "contact_phone": "责任人联系电话（已遮盖）",
    "count": "共几行",
    "cursor": "翻页位置，取自上一页的 next、previous",
    "data": "汇总数据，与命令 summary --json 相同",
    "department": "单位的 id",
    "department_name": "单位名称",
    "detail": "说明",
    "digest": "摘要",
    "discovering_department": "发现单位的 id",
    "due_on": "时限",
    "fields": "各项内容的说明",
    "figures": "报送的数据",
    "first_sent_at": "首次报送时间",
    "format": "描述文件的格式",
    "id": "标识",
    "issue_id": "问题的标识",
    "issues_open": "未销号的问题（件）",
    "item": "事项",
    "label": "名称",
    "lang": "语言",
    "lead_department": "牵头单位的 id",
    "left_open": "尚未办结的事项",
    "limit": "一页几行",
    "members": "所含事项",
    "name": "名称",
    "named": "尚未办结事项的标记，办理时带回",
    "next": "下一页地址",
    "note": "说明",
    "number": "问题编号",
    "office": "统筹办",
    "offset": "从第几行以后开始",
    "order": "顺序",
    "parent": "上级区域",
    "period": "期间",
    "person": "回访对象或参加人员",
    "pk": "标识",
    "previous": "上一页地址",
    "receiver": "接收单位的 id",
    "receiver_name": "接收单位",
    "region": "区域的 id",
    "reported_at": "报送时间",
    "responsible_department": "责任单位的 id",
    "results": "本页各行",
    "return_reason": "退回原因",
    "rows": "计划各行",
    "rule": "规则代码",
    "sent_at": "报送时间",
    "signed_at": "签字时间",
    "state": "状态",
    "status": "报送情况",
    "step_id": "记录的标识",
    "template": "所依通知的代号",
    "version": "版本号",
    "waiting": "1 等结果，0 已取得结果",
    "walk_date": "体验日期",
    "walker": "体验人",
    "walker_capacity": "体验人身份",
    "walker_id": "体验人的 id",
    "whole_version": "全程总结的版本",
    "zero_reason": "零报告说明",
}
CHINESE = range(0x4E00, 0xA000)


def is_chinese(text: str) -> bool:
    """Whether there is a Chinese word in it."""
    return any(ord(one) in CHINESE for one in text)


def name_everything(result: dict, **kwargs: Any) -> dict:
    """Hook of drf-spectacular: where a value has no Chinese words of its own it is called by ``NAMES``."""
    for schema in result.get("components", {}).get("schemas", {}).values():
        for name, one in schema.get("properties", {}).items():
            _name(one, name)
    for methods in result["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                _name(parameter, parameter["name"])
    return result


def _name(one: dict, name: str) -> None:
    if not is_chinese(f"{one.get('title', '')}{one.get('description', '')}") and name in NAMES:
        one["description"] = NAMES[name]


class ChoiceSerializer(serializers.Serializer):
    value = serializers.JSONField(help_text="提交的值")
    label = serializers.CharField(help_text="页面上的文字")


class FieldSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="提交时的名称")
    label = serializers.CharField(help_text="页面上的名称")
    help = serializers.CharField(help_text="填写说明")
    type = serializers.CharField(help_text="text 文字、integer 整数、boolean 是否、date 日期、datetime 时间、"
                                           "choice 单选、list 多选、photos 照片（multipart 提交）")  # fmt: skip
    required = serializers.BooleanField(help_text="是否必填")
    value = serializers.JSONField(help_text="现在保存的内容或默认值")
    choices = ChoiceSerializer(many=True, allow_null=True, help_text="可选的值；为空的没有限定或者另有列表")


class FormSerializer(serializers.Serializer):
    """What a form asks for and what stands now; its version is the ETag."""

    fields = FieldSerializer(many=True, help_text="要填写的各项")


def form_schema(
    *, asks: Any, answers: Any, words: str, tag: str, headers: tuple = (), **more: serializers.Field
) -> Any:
    """Describes a ``FormEndpoint``: ``asks`` is the form class, ``more`` what only some of its forms ask for."""
    about = f"{words}。GET 同一地址可取得要填写的各项、可选的值和版本号。"

    def describe(endpoint: Any) -> Any:
        asked = _asked(asks, more)
        bodies = {"application/json": inline_serializer(f"{endpoint.__name__}Body", _without_photos(asked))}
        if len(_without_photos(asked)) < len(asked):
            bodies["multipart/form-data"] = inline_serializer(f"{endpoint.__name__}Parts", asked)
        told: dict[str, Any] = {"summary": words, "description": about, "tags": [tag], "parameters": list(headers)}
        beside = [one for one in headers if one.location == OpenApiParameter.PATH]
        return extend_schema_view(
            get=extend_schema(
                summary=f"{words}：要填写的内容", tags=[tag], responses=FormSerializer, parameters=beside
            ),
            post=extend_schema(**told, request=bodies, responses=answers),
        )(endpoint)

    return describe


def _asked(asks: Any, more: Mapping[str, serializers.Field]) -> dict[str, serializers.Field]:
    """The fields of a form class as the schema names them, and ``more``."""
    own = {name: one for name, one in asks.base_fields.items() if name not in (FIELD, "version", "seen")}
    found = {name: _field(one) for name, one in own.items()} | dict(more)
    if any(isinstance(one, serializers.CharField) for one in found.values()):
        found[ANSWER] = serializers.ChoiceField(
            [MASK, KEEP], required=False, help_text="内容里有疑似身份证号、手机号时：mask 遮盖后办理，keep 原样办理"
        )
    return found


def _without_photos(asked: Mapping[str, serializers.Field]) -> dict[str, serializers.Field]:
    return {
        name: one for name, one in asked.items() if not isinstance(getattr(one, "child", None), serializers.FileField)
    }


def photos_field(words: str = "照片，可多张") -> serializers.ListField:
    """Photos of a form that has the field in some cases only."""
    return serializers.ListField(child=serializers.FileField(), required=False, help_text=words)


def _field(field: forms.Field) -> serializers.Field:
    words = f"{field.label or ''}{'：' if field.help_text else ''}{field.help_text}"
    told: dict[str, Any] = {"required": field.required, "help_text": words}
    match field:
        case _ if is_files(field):
            return serializers.ListField(child=serializers.FileField(), **told)
        case forms.MultipleChoiceField() | RecordsField():
            return serializers.ListField(child=serializers.CharField(), **told)
        case forms.BooleanField():
            return serializers.BooleanField(**told)
        case forms.IntegerField() | forms.TypedChoiceField():
            return serializers.IntegerField(**told)
        case forms.DateTimeField():
            return serializers.DateTimeField(**told)
        case forms.DateField():
            return serializers.DateField(**told)
        case _:
            return serializers.CharField(allow_blank=True, **told)
