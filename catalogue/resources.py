"""Service items as django-import-export sees them: the preview of differences and the columns of the download."""

from import_export.fields import Field

from accounts.domain.units import UnitFinder
from accounts.models import Region
from catalogue.domain.imports import KINDS, ImportLine, new_item, put_values, stage_items, stored_items, write_items
from catalogue.domain.members import stored_members
from catalogue.models import ServiceItem
from core.imports import ImportResult
from core.resources import LabelWidget, TableResource, TextWidget
from core.tabular import Row


class ItemResource(TableResource):
    """Rows of the items' table of one region.

    On an item: ``owner_name``, and ``member_names``, what a bundle consists of.
    """

    order = Field("order", "序号", widget=TextWidget())
    code = Field("code", "事项编码", widget=TextWidget())
    name = Field("name", "事项名称", widget=TextWidget())
    kind = Field("kind", "事项类别", widget=LabelWidget(KINDS))
    owner = Field("owner_name", "主管部门", widget=TextWidget())
    in_person = Field(column_name="是否须本人体验")
    committed_days = Field("committed_days", "承诺时限(工作日)", widget=TextWidget())
    documents = Field("documents", "材料数", widget=TextWidget())
    steps = Field("steps", "环节数", widget=TextWidget())
    trips = Field("trips", "跑动次数", widget=TextWidget())
    online_depth = Field("online_depth", "网办深度", widget=TextWidget())
    members = Field(column_name="包含事项")

    def __init__(self, rows: list[Row], file: str, *, region: Region, actor=None, **kwargs):
        super().__init__(rows, file, **kwargs)
        self.region, self.actor = region, actor
        self.have, self.consists = {}, {}

    def dehydrate_in_person(self, item: ServiceItem) -> str:
        return item.get_in_person_reason_display() or ("是" if item.must_walk_in_person else "否")

    def dehydrate_members(self, item: ServiceItem) -> str:
        return "、".join(item.member_names)

    def plan(self, rows: list[Row]) -> list[ImportLine]:
        finder = UnitFinder(self.region)
        lines = stage_items(rows, finder)
        self.notes.extend(finder.notes)
        self.have = stored_items(lines)
        told = [self.have[line.key].pk for line in lines if line.members is not None and line.key in self.have]
        self.consists = stored_members(told)
        return lines

    def name_of(self, staged: ImportLine) -> str:
        return f"{staged.owner.name}：{staged.name}"

    def locate(self, staged: ImportLine) -> ServiceItem | None:
        item = self.have.get(staged.key)
        return None if item is None else self._named(item, staged)

    def begin(self, staged: ImportLine) -> ServiceItem:
        return self._named(new_item(staged), staged)

    def apply(self, instance: ServiceItem, staged: ImportLine) -> bool:
        changed = bool(put_values(instance, staged))
        if staged.members is None:
            return changed
        stood = set(self.consists.get(instance.pk, ()))
        instance.member_names = staged.member_names
        return changed or stood != set(staged.members)

    def write(self, staged: list[ImportLine], result: ImportResult) -> None:
        write_items(staged, result, region_name=self.region.name, actor=self.actor)

    def _named(self, item: ServiceItem, line: ImportLine) -> ServiceItem:
        item.owner_name = line.owner.name
        item.member_names = tuple(self.consists.get(item.pk, {}).values())
        return item
