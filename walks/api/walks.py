"""Walks in the caller's scope: the list and one of them."""

from datetime import date

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers

from campaigns.enums import WalkMode
from core.api import read_filters
from core.api_lists import FilteredViewSet
from core.paging import KeyPagination
from walks.domain import lists
from walks.domain.shown import BY_ITSELF, IN_API, walks_shown_to
from walks.forms.walks import WALK_TABS, WalkFilterForm
from walks.models import Walk

WALK_FILTERS = [
    OpenApiParameter("tab", str, enum=list(WALK_TABS), description="状态；不填为全部"),
    OpenApiParameter("mine", str, enum=["1"], description="只列等本人办理的"),
    OpenApiParameter("q", str, description="事项、单位、体验人"),
    OpenApiParameter("department", int, description="体验单位的 id"),
    OpenApiParameter("mode", str, enum=WalkMode.values, description="体验形式"),
    OpenApiParameter("since", date, description="体验日期从"),
    OpenApiParameter("until", date, description="体验日期到"),
]


class WalkSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugRelatedField(slug_field="code", read_only=True)
    walker = serializers.CharField(source="walker_name", read_only=True)

    class Meta:
        model = Walk
        fields = [
            "id",
            "campaign",
            "department",
            "receiver",
            "item",
            "walker",
            "walker_capacity",
            "activity_kind",
            "mode",
            "role",
            "state",
            "version",
            "walk_date",
            "period",
            "place",
            "is_waiting",
            "zero_explained",
            "conforms",
            "shortfall",
            "suggestion",
            "signed_at",
            "reported_at",
            "accepted_at",
        ]


@extend_schema_view(
    list=extend_schema(summary="体验列表", tags=["体验"], parameters=WALK_FILTERS),
    retrieve=extend_schema(summary="一次体验", tags=["体验"]),
)
class WalkViewSet(FilteredViewSet):
    """体验: the walks the caller may know of."""

    serializer_class = WalkSerializer
    ordering = ("-started_at", "id")

    def get_queryset(self):
        where = BY_ITSELF if self.detail else IN_API
        shown = walks_shown_to(self.request.user, where=where, per_page=KeyPagination.page_size)
        return shown.select_related("campaign")

    def narrowed(self, queryset):
        user = self.request.user
        form = WalkFilterForm(self.request.query_params, departments=lists.walking_units(user))
        asked = read_filters(form, also={"tab": tuple(WALK_TABS), "mine": ("1",)})
        found = lists.walks_matching(
            user,
            text=asked["q"],
            department_id=asked.get("department"),
            mode=asked["mode"],
            since=asked["since"],
            until=asked["until"],
            only_mine=asked["mine"] == "1",
            where=IN_API,
            per_page=KeyPagination.page_size,
        )
        return lists.in_states(found, WALK_TABS[asked["tab"] or "all"][1]).select_related("campaign")
