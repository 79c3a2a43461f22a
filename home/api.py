"""The end of a campaign through the API: what stands open, and the steps 总结 and 归档 with the form of the page."""

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import refuse_token
from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.states import ensure_open
from core.api import as_form_data, key_of, without_password
from core.exceptions import Refused
from core.idempotency import body_digest, once, seen
from evidence.api import KEY
from home.domain.closing import STEPS, finish, look_at
from home.forms import FinishForm

HEADERS = [
    KEY,
    OpenApiParameter("act", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(STEPS)),
]


class FinishInputSerializer(serializers.Serializer):
    """``named``: the mark of what stands open as it was read; ``confirmed``: that it was looked through."""

    named = serializers.CharField(required=False)
    confirmed = serializers.BooleanField(required=False, help_text="已逐项核对")
    password = serializers.CharField(help_text="登录密码：须本人登录办理，令牌不能代办")


class FinishSerializer(serializers.Serializer):
    """``left_open``: what stands open, in words; ``named``: their mark, to be sent with the step."""

    code = serializers.CharField()
    state = serializers.CharField()
    whole_version = serializers.IntegerField(allow_null=True)
    left_open = serializers.ListField(child=serializers.CharField())
    named = serializers.CharField()
    issues_open = serializers.IntegerField()


class CampaignEndView(APIView):
    """总结 or 归档 of one campaign, for its own office."""

    @extend_schema(
        summary="结束活动以前尚未办结的事项", tags=["基础资料"], responses=FinishSerializer, parameters=HEADERS[1:]
    )
    def get(self, request, code, act):
        found = self._campaign(request, code, act)
        ensure_open(found, act, request.user)
        return self._answer(request, code)

    @extend_schema(
        summary="总结、归档活动",
        tags=["基础资料"],
        request=FinishInputSerializer,
        responses=FinishSerializer,
        parameters=HEADERS,
    )
    def post(self, request, code, act):
        refuse_token(request, "总结、归档")
        found, key = self._campaign(request, code, act), key_of(request)
        unfinished = look_at(found, request.user).unfinished
        form = FinishForm(as_form_data(request.data), request=request._request, unfinished=unfinished)
        if seen(user=request.user, key=key) is None:
            ensure_open(found, act, request.user)
            if not form.is_valid():
                fields = {field: "；".join(messages) for field, messages in form.errors.items()}
                raise Refused("提交的内容有误，未办理。", rule="fields", fields=fields)
        once(
            user=request.user,
            key=key,
            scope=f"api.campaign.{act}:{found.pk}",
            digest=body_digest({"body": without_password(request.data)}),
            act=lambda: finish(
                campaign=found, action=act, actor=request.user, confirmed=form.confirmed_token
            ).code,
        )  # fmt: skip
        return self._answer(request, code)

    def _campaign(self, request, code: str, act: str):
        found = get_object_or_404(campaigns_visible_to(request.user), code=code)
        if act not in STEPS:
            raise Refused(f"没有名为“{act[:30]}”的操作。可用的操作：{'、'.join(STEPS)}。", rule="campaign.action")
        return found

    def _answer(self, request, code: str) -> Response:
        found = campaigns_visible_to(request.user).get(code=code)
        closing = look_at(found, request.user)
        return Response(
            {
                "code": found.code,
                "state": found.state,
                "whole_version": closing.unfinished.whole_version,
                "left_open": list(closing.unfinished.words),
                "named": closing.unfinished.token,
                "issues_open": closing.issues_open,
            }
        )
