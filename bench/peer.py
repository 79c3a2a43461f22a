"""The comparison: a plain django-import-export resource over the same rows and the same twenty columns."""

from django.db.models import Prefetch
from import_export import fields, resources

from bench.world import CODE
from core.text import mask_phone
from issues.columns import measure_text
from issues.enums import CLOSED_STATES
from issues.models import Issue, Measure


class LedgerResource(resources.ModelResource):
    number = fields.Field("number", "问题编号")
    found_on = fields.Field("found_on", "发现日期")
    source = fields.Field("get_source_display", "来源")
    item = fields.Field("item__name", "体验事项")
    description = fields.Field("description", "存在问题")
    category = fields.Field("category", "分类")
    lead = fields.Field("lead_department__name", "牵头单位")
    unit = fields.Field("responsible_department__name", "责任单位")
    person = fields.Field("responsible_name", "责任人")
    phone = fields.Field(column_name="联系电话")
    measures = fields.Field(column_name="整改措施")
    track = fields.Field("get_track_display", "整改类型")
    due_on = fields.Field("due_on", "整改时限")
    progress = fields.Field("progress", "整改进展")
    closed_on = fields.Field("closed_on", "完成日期")
    closer = fields.Field("closed_by__label", "验收人")
    struck_off = fields.Field(column_name="是否销号")
    look_back_note = fields.Field("look_back_note", "回头看情况")
    remark = fields.Field("remark", "备注")

    class Meta:
        model = Issue
        fields = (
            "number",
            "found_on",
            "source",
            "item",
            "description",
            "category",
            "lead",
            "unit",
            "person",
            "phone",
            "measures",
            "track",
            "due_on",
            "progress",
            "closed_on",
            "closer",
            "struck_off",
            "look_back_note",
            "remark",
        )

    def dehydrate_phone(self, issue):
        return mask_phone(issue.contact_phone)

    def dehydrate_measures(self, issue):
        return measure_text([{"text": measure.text} for measure in issue.measures.all()])

    def dehydrate_struck_off(self, issue):
        return "是" if issue.state in CLOSED_STATES else "否"


def export(path, rows: int) -> int:
    """Write the first ``rows`` issues by number to ``path`` the way the library's own admin does; returns the rows."""
    queryset = (
        Issue.objects.filter(campaign__code=CODE)
        .order_by("number")
        .select_related("item", "lead_department", "responsible_department", "closed_by")
    )
    queryset = queryset.prefetch_related(Prefetch("measures", Measure.objects.order_by("order")))
    data = LedgerResource().export(queryset[:rows])
    path.write_bytes(data.export("xlsx"))
    return len(data)
