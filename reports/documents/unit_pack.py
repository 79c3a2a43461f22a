"""The ZIP of a unit's material of a period: 登记表 of each walk, 三张清单, 整改台账 where the notice wants it, photos
with readable names, 目录."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from django.utils import timezone

from core.archive import FixedZip
from core.exceptions import Refused
from core.listing import ids_in_order, read_order
from core.personal_data import mask
from core.templatetags.ui import cndate
from core.xlsx import filename
from evidence.domain.store import FileMissing, open_served
from issues.columns import page_columns
from issues.exports import ledger
from reports.documents.lists import three_lists
from reports.documents.walk_papers import WALK_PAPERS
from reports.domain.unit_pack import LISTED, UnitPack
from reports.domain.walk_content import WalkContent
from reports.enums import SubmissionState
from reports.models import SubmittedPaper

KEY, LABEL, ENDING = "unit-pack", "单位本期材料", "zip"
PHOTOS_LABEL = "影像资料"
MOST_BYTES = 300 * 1024 * 1024
RECORDS, REPORTS, PHOTOS, SENT = "登记表", "报告和清单", "照片", "报送材料"
LISTS, INDEX = "三张清单.xlsx", "目录.txt"


def pack_name(pack: UnitPack) -> str:
    """20220622_县民政局_2022年6月材料.zip."""
    return filename(pack.query.as_of, pack.unit, f"{pack.query.period.label}材料", ENDING)


def require_size(pack: UnitPack) -> None:
    """Refused in words when the photos would make a file too large to be handed on."""
    total = pack.photo_bytes
    if total > MOST_BYTES:
        mb = 1024 * 1024
        raise Refused(
            f"本期照片共 {total / mb:.0f} MB，超过一个材料包的上限 {MOST_BYTES // mb} MB，没有生成。"
            "请选择较短的期间分几次生成，或在体验页面逐次下载材料和照片。",
            rule="pack.size",
        )


def write_pack(pack: UnitPack, out: IO[bytes], on_walk: Callable[[int], None] = lambda number: None) -> None:
    """Write the ZIP to ``out``; ``on_walk`` is called after each walk. Same data, same bytes.

    Raises Refused as ``require_size``, before anything is written. A photo whose file is gone is named in 目录.
    """
    require_size(pack)
    gaps, index = list(pack.gaps), []
    with FixedZip(out) as archive:
        index += _write_sent(archive, pack.papers)
        for number, content in enumerate(pack.contents, 1):
            index += _write_papers(archive, pack, content)
            index += _write_photos(archive, content, gaps)
            on_walk(number)
        archive.write(archive.name("", "三张清单", ending="xlsx"), three_lists(pack.query, unit=pack.unit))
        counted = "，".join(f"{name}{pack.counts[key]}条" for key, name in LISTED.items())
        index.append(f"{LISTS}（{counted}）")
        if pack.asks_ledger:
            index.append(_write_ledger(archive, pack))
        archive.write(archive.name("", "目录", ending="txt"), _index(pack, index, gaps))


def written(pack: UnitPack) -> bytes:
    """The ZIP as bytes, for the command line."""
    out = io.BytesIO()
    write_pack(pack, out)
    return out.getvalue()


def photos_written(pack: UnitPack) -> bytes:
    """影像资料 alone: a ZIP of the photos with the names they have in the pack, and 目录; for the command line. Raises
    Refused as ``require_size``."""
    require_size(pack)
    out, gaps, index = io.BytesIO(), [], []
    with FixedZip(out) as archive:
        for content in pack.contents:
            index += _write_photos(archive, content, gaps)
        archive.write(archive.name("", "目录", ending="txt"), _index(pack, index, gaps))
    return out.getvalue()


def _write_sent(archive: FixedZip, papers: Iterable[SubmittedPaper]) -> Iterator[str]:
    """The unit's own papers, byte by byte as it handed them in, with the day of that."""
    for paper in papers:
        stem, _, ending = paper.name.rpartition(".")
        name = archive.name(SENT, stem, ending=ending)
        archive.write(name, bytes(paper.content))
        sent = paper.submission
        back = "，已退回" if sent.state == SubmissionState.RETURNED else ""
        yield f"{name}（{cndate(timezone.localdate(sent.sent_at))}报送{back}）"


def _write_papers(archive: FixedZip, pack: UnitPack, content: WalkContent) -> Iterator[str]:
    walk = content.walk
    folders = {"walk-record": RECORDS}
    if pack.asks_reports:
        folders |= {"walk-report": REPORTS, "walk-list": REPORTS}
    for key, folder in folders.items():
        paper = WALK_PAPERS[key]
        name = archive.name(folder, f"{walk.walk_date:%Y%m%d}", walk.item_name, paper.label, ending="docx")
        archive.write(name, paper.write(content))
        yield name


def _write_photos(archive: FixedZip, content: WalkContent, gaps: list[str]) -> Iterator[str]:
    """Photos as they are shown in the system, named 日期_事项_环节_序号; what cannot be read goes to ``gaps``."""
    day, item = f"{content.walk.walk_date:%Y%m%d}", content.walk.item_name
    for photo in content.photos:
        name = archive.name(PHOTOS, day, item, photo.place, ending="jpg", numbered=True)
        try:
            with open_served(photo.file) as file:
                archive.write(name, file.read())
        except FileMissing:
            gaps.append(f"{name}：照片文件无法读取，没有列入。")
        else:
            yield name


def _write_ledger(archive: FixedZip, pack: UnitPack) -> str:
    """整改台账 as it stands today; its line in 目录."""
    out, today = io.BytesIO(), timezone.localdate()
    order, _ = read_order("", page_columns(), "number")
    spec = ledger.sheet(place=pack.query.campaign.region.name, unit=pack.unit, today=today)
    rows = ledger.write(out, spec, ids_in_order(pack.on_ledger, order), order, today)
    archive.write(archive.name("", ledger.WHAT, ending="xlsx"), out.getvalue())
    return f"{ledger.WHAT}.xlsx（{rows}件，截至{cndate(today)}）"


def _index(pack: UnitPack, index: list[str], gaps: list[str]) -> bytes:
    """目录: what is in the ZIP and what is missing; readable in the editor of Windows."""
    query = pack.query
    lines = [
        f"{pack.unit}“一把手走流程”{query.period.label}材料目录",
        f"活动：{query.campaign.name}",
        f"期间：{cndate(query.period.starts_on)}至{cndate(query.period.ends_on)}，按体验日期",
        f"生成：按截至{cndate(query.as_of)}的数据",
        "",
        f"一、材料（{len(index)}件）",
        *(f"{number}. {name}" for number, name in enumerate(index, 1)),
        "",
        "二、缺少或没有列入的",
        *([f"{number}. {text}" for number, text in enumerate(gaps, 1)] or ["无。"]),
    ]
    return mask("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
