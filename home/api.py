"""The end of a campaign through the API: what stands open, and the steps 总结 and 归档 with the form of the page."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.states import ensure_open
from campaigns.models import Campaign
from core.api_schema import KEY, form_schema
from evidence.api import ActEndpoint
from evidence.models import StoredFile
from home.domain.closing import STEPS, finish, look_at
from home.forms import FinishForm

ACT = OpenApiParameter("act", str, OpenApiParameter.PATH, enum=list(STEPS), description="操作")
ASKED = {
    "named": serializers.CharField(required=False, help_text="读取时得到的尚未办结事项的标记"),
    "confirmed": serializers.BooleanField(required=False, help_text="已逐项核对"),
    "password": serializers.CharField(help_text="登录密码：须本人登录办理，令牌不能代办"),
}


class FinishSerializer(serializers.Serializer):
    """``left_open``: what stands open, in words; ``named``: their mark, to be sent with the step."""

    code = serializers.CharField()
    state = serializers.CharField()
    whole_version = serializers.IntegerField(allow_null=True)
    left_open = serializers.ListField(child=serializers.CharField())
    named = serializers.CharField()
    issues_open = serializers.IntegerField()


@extend_schema_view(
    get=extend_schema(
        summary="结束活动以前尚未办结的事项", tags=["基础资料"], responses=FinishSerializer, parameters=[ACT]
    )
)
@form_schema(
    asks=FinishForm, answers=FinishSerializer, words="总结、归档活动", tag="基础资料", headers=(KEY, ACT), **ASKED
)  # fmt: skip
class CampaignEnd(ActEndpoint):
    """总结 or 归档 of one campaign, for its own office. ``GET`` tells what stands open."""

    act, acts, rule, words = "campaign.end", STEPS, "campaign.action", "总结、归档"
    # Asked for only where something stands open.
    also = ("confirmed",)

    def record(self) -> Campaign:
        return get_object_or_404(campaigns_visible_to(self.request.user), code=self.kwargs["code"])

    def open(self, record: Campaign) -> None:
        ensure_open(record, self.act_name, self.request.user)

    def get(self, request: Request, **kwargs: Any) -> Response:
        campaign = self.find()
        self.open(campaign)
        return self.answer(campaign.code)

    def make(self, record: Campaign, *sent: Any) -> FinishForm:
        unfinished = look_at(record, self.request.user).unfinished
        return FinishForm(*sent[:1], request=self.http, unfinished=unfinished)

    def save(self, record: Campaign, form: FinishForm, files: list[StoredFile]) -> str:
        asked = {"action": self.act_name, "actor": self.request.user, "confirmed": form.confirmed_token}
        return finish(campaign=record, **asked).code

    def answer(self, result: str) -> Response:
        campaign = self.record()
        closing = look_at(campaign, self.request.user)
        return Response(
            {
                "code": campaign.code,
                "state": campaign.state,
                "whole_version": closing.unfinished.whole_version,
                "left_open": list(closing.unfinished.words),
                "named": closing.unfinished.token,
                "issues_open": closing.issues_open,
            }
        )
