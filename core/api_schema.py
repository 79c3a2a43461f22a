"""A form in the description of the API (OpenAPI): what its fields, headers and answers are called, in Chinese."""

from collections.abc import Mapping
from typing import Any

from django import forms
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers

from core.api_forms import is_files
from core.forms import ANSWER, KEEP, MASK, RecordsField
from core.idempotency import FIELD

KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True,
    description="提交标识：同一标识再次提交只办理一次，返回第一次的结果",
)  # fmt: skip
MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="读取时得到的版本号（ETag）；修改已有记录时必须带上"
)
CHINESE = range(0x4E00, 0xA000)


def is_chinese(text: str) -> bool:
    """Whether there is a Chinese word in it."""
    return any(ord(one) in CHINESE for one in text)


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
