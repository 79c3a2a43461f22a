"""The must-walk list of the demonstration, made through the product's own functions."""

from datetime import date

from campaigns.domain.must_walk import add, items_to_add
from campaigns.models import Campaign
from demo.domain.scenario import Cast

ADDED_ON = date(2022, 5, 26)
OFFICE = "tongchou"
# Provenance → item names and where each is written down.
CHOSEN = (
    ("leader", ("企业设立登记", "施工许可证", "不动产登记"), "县委主要负责同志点题"),
    ("unit", ("结婚登记", "出生医学证明", "取水许可审批", "药品生产许可核发"), ""),
    ("public", ("新生儿落户", "医保缴费", "小学入学报名"), "5月企业群众座谈会征集"),
    ("hotline", ("残疾人证办理", "居民用水报装"), "5月工单较多"),
)


def seed_pool(campaign: Campaign, cast: Cast) -> None:
    """Twelve items of four provenances, some walked and some not."""
    for provenance, names, note in CHOSEN:
        items = items_to_add(campaign).filter(name__in=names)
        add(
            campaign=campaign,
            items=items,
            provenance=provenance,
            note=note,
            actor=cast.by_username[OFFICE],
            today=ADDED_ON,
        )
