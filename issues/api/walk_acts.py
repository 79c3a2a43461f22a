"""What is done to a walk as a whole through the API: recorded, signed, reported, accepted, sent back, reopened,
cancelled."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from core.api import etag
from core.api_schema import KEY, MATCH, form_schema, photos_field
from evidence.api import ActEndpoint
from evidence.models import StoredFile
from issues.domain import intake
from issues.forms.intake import ActForm
from issues.views.walk_acts import ACTS, run_act
from walks.api.walks import WalkSerializer
from walks.domain import lifecycle
from walks.domain.guards import wants_stamp
from walks.domain.shown import walks_shown_to
from walks.domain.transitions import TABLE
from walks.models import Walk
from walks.views.steps import NAMED

RECORD = "record"
# By the action of the table: how the page carries it out. 登记完成 is the button of the completion's page.
OF_PAGES = {one.action: one for one in ACTS.values()}
OFFERED = (RECORD, *OF_PAGES)
ACT = OpenApiParameter("act", str, OpenApiParameter.PATH, enum=list(OFFERED), description="操作")
MORE = {
    "reason": serializers.CharField(required=False, help_text="退回、修改或取消的原因"),
    "password": serializers.CharField(required=False, help_text="登录密码：签字须本人登录办理，令牌不能代办"),
    "photos": photos_field("签字盖章件的照片，要求附上的活动报送时必填"),
}


@form_schema(asks=ActForm, answers=WalkSerializer, words="办理一次体验", tag="体验", headers=(KEY, MATCH, ACT), **MORE)
class WalkActEndpoint(ActEndpoint):
    act, acts, rule = "walk.act", OFFERED, "walk.action"

    def record(self) -> Walk:
        return get_object_or_404(walks_shown_to(self.request.user).select_related(*NAMED), pk=self.kwargs["pk"])

    def done(self) -> str:
        return TABLE.by_action[self.act_name].label

    def make(self, record: Walk, *sent: Any) -> ActForm:
        act = self.act_name
        asked = {"reason_label": TABLE.by_action[act].reason_label, "sign": self.http if act == "sign" else None}
        return ActForm(*sent, walk=record, wants_stamp=act == "report" and wants_stamp(record), **asked)

    def open(self, record: Walk) -> None:
        lifecycle.ensure_open(walk=record, action=self.act_name, actor=self.request.user)

    def save(self, record: Walk, form: ActForm, files: list[StoredFile]) -> str:
        lifecycle.require_version(record, form.cleaned_data["version"])
        if self.act_name == RECORD:
            intake.record_walk(walk=record, actor=self.request.user)
        else:
            run_act(OF_PAGES[self.act_name], self.request.user, record, form, files)
        return str(record.pk)

    def answer(self, result: str) -> Response:
        walk = get_object_or_404(walks_shown_to(self.request.user).select_related("campaign"), pk=self.kwargs["pk"])
        return Response(WalkSerializer(walk).data, headers=etag(walk.version))
