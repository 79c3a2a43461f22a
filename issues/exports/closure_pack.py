"""销号档案 of one issue as a file: its page written, the pictures put in (``issues.domain.closure_pack``)."""

from base64 import b64encode
from itertools import groupby

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from core.personal_data import mask
from core.text import mask_phone
from core.xlsx import filename
from issues.domain import closure_pack
from issues.domain.detail import date_chain, latest, past_rounds, read_detail
from issues.domain.lookback.queries import re_walks_of
from issues.domain.timeline import merged_timeline
from issues.enums import EvidenceKind
from issues.models import Issue, IssueEvidence
from walks.enums import Stage

STYLE = "static/css/pack.css"
WHAT = "销号档案"


def pack_of(issue: Issue, user: User) -> tuple[bytes, str]:
    """(the file, its name) of an issue of ``issues_to_open(user)``, with what this person may know of it. Side effect:
    an audit entry with its digest. Raises Refused for an issue that was never struck off."""
    detail = read_detail(issue, user)
    closure_pack.require_closed(issue, detail["rounds"])
    pictures = closure_pack.pictures_of(detail["evidence"])
    context = _context(issue, detail, pictures) | {"re_walks": re_walks_of(issue, user)}
    page = render_to_string("issues/pack/_document.html", context)
    content = closure_pack.finished(page, pictures, detail["evidence"])
    closure_pack.note_exported(issue=issue, content=content, actor=user)
    name = filename(issue.closed_on or timezone.localdate(), issue.region.name, f"{issue.number}{WHAT}", "html")
    return content, name


def _context(issue: Issue, detail: dict, pictures: dict[int, str]) -> dict:
    style = b64encode((settings.BASE_DIR / STYLE).read_bytes()).decode()
    return {
        "issue": issue,
        "style": f"data:text/css;base64,{style}",
        "stage": dict(Stage.choices).get(issue.stage, ""),
        # The step of the walk is for whoever may know of the walk.
        "step": issue.step if detail["walk"] else None,
        "phone": mask_phone(issue.contact_phone),
        "measures": latest(detail["measures"]) if detail["measures"] else [],
        "groups": _groups(detail["evidence"], pictures),
        "rounds": past_rounds(detail),
        "dates": date_chain(detail["events"]),
        "events": list(reversed(merged_timeline(detail))),
        "detail": detail,
        "blank": closure_pack.BLANK,
    }


def _groups(evidence: list[IssueEvidence], pictures: dict[int, str]) -> list[dict]:
    """The photos by round and kind, in the order in which things happened."""
    order = list(EvidenceKind.values)
    ranked = sorted(evidence, key=lambda link: (link.round, order.index(link.kind), link.pk))
    return [
        {"round": number, "label": label, "photos": [_photo(link, pictures) for link in links]}
        for (number, label), links in groupby(ranked, key=lambda link: (link.round, link.get_kind_display()))
    ]


def _photo(link: IssueEvidence, pictures: dict[int, str]) -> dict:
    return {
        "mark": closure_pack.photo_mark(link),
        "is_there": bool(pictures[link.pk]),
        "name": mask(link.file.original_name),
        "by": link.added_by.label,
        "at": link.added_at,
        "taken_at": link.file.taken_at,
    }
