"""The papers of one walk: which there are, and how each is written."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from accounts.models import User
from core import audit
from core.exceptions import Refused
from core.pdf import to_pdf
from core.xlsx import filename
from reports.documents.registry import PDF, WORD
from reports.documents.walk_record import walk_record
from reports.documents.walk_report import walk_list, walk_report
from reports.domain.walk_content import WalkContent, contents_of, require_ready
from walks.models import Walk


@dataclass(frozen=True)
class WalkPaper:
    """One kind of paper of a walk, a Word file."""

    key: str
    label: str
    write: Callable[[WalkContent], bytes]


WALK_PAPERS = {
    paper.key: paper
    for paper in (
        WalkPaper("walk-record", "情况登记表", walk_record),
        WalkPaper("walk-report", "体验报告", walk_report),
        WalkPaper("walk-list", "问题整改清单", walk_list),
    )
}


def write_walk_paper(walk: Walk, key: str, ending: str, *, actor: User | None) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of a walk that comes with ``walk_content.NAMED``; the caller chose it by who may
    see it. Side effect: an audit entry with the digest of the Word file, of a covert walk not yet reported in the chain
    of its own.

    Raises Refused in words for a walk that is not signed, for another kind of file, and when no PDF can be made here.
    """
    paper = WALK_PAPERS[key]
    if ending not in (WORD, PDF):
        raise Refused(f"{paper.label}只能生成 .docx、.pdf 文件。", rule="paper.ending")
    require_ready(walk)
    [content] = contents_of([walk])
    written = paper.write(content)
    detail = {"paper": key, "sha256": hashlib.sha256(written).hexdigest()}
    audit.record(
        actor=actor,
        action="paper.written",
        object_type="walk",
        object_key=walk.pk,
        detail=detail,
        covert=walk.is_hidden,
    )
    file = to_pdf(written, f".{WORD}") if ending == PDF else written
    return io.BytesIO(file), paper_name(walk, paper, ending)


def paper_name(walk: Walk, paper: WalkPaper, ending: str) -> str:
    """20220608_县民政局_结婚登记情况登记表.docx."""
    return filename(walk.walk_date, walk.department_name, f"{walk.item_name}{paper.label}", ending)
