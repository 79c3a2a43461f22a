"""自备模板: the office's own template of a paper. The only writer of ``OwnTemplate`` and ``TemplateUse``.

A template is uploaded, filled once with the figures of a period to prove that it can be, looked at, and only then used.
Every version is kept. The template in use serves everybody who writes that paper of the campaign.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from campaigns.domain.states import hold_writable
from campaigns.models import Campaign
from core import audit
from core.child import InTransaction
from core.conflicts import overtaken
from core.content_token import content_token
from core.exceptions import NotAllowed, Refused
from core.office_forms import Filled, Filling, FormRefused, fill_form
from reports.models import OwnTemplate, TemplateUse
from reports.rules import may_compile


def template_in_use(campaign: Campaign, paper: str) -> OwnTemplate | None:
    """The template a paper of the campaign is written with; None for the product's own layout. One query."""
    use = TemplateUse.objects.filter(campaign=campaign, paper=paper).select_related("template").first()
    return use.template if use else None


def templates_of(campaign: Campaign, paper: str) -> QuerySet[OwnTemplate]:
    """All versions without their content, newest first."""
    found = OwnTemplate.objects.filter(campaign=campaign, paper=paper)
    return found.select_related("uploaded_by").defer("content").order_by("-version")


def with_template(campaign: Campaign, paper: str, kind: str, values: Callable[[], Filling]) -> bytes | None:
    """The paper in the template in use; None where there is none. Raises Refused in words."""
    template = template_in_use(campaign, paper)
    return None if template is None else fill(template, kind, values()).content


def fill(template: OwnTemplate, kind: str, filling: Filling) -> Filled:
    """One version filled with values. Raises Refused where it cannot be, or where figures changed within a transaction
    that was prepared with others."""
    try:
        return fill_form(kind, bytes(template.content), filling.values, filling.pictures)
    except InTransaction as error:
        words = "数据刚有变动，自备模板需要重新填写，没有完成。请再按一次。"
        raise Refused(words, rule="own_template.again") from error
    except FormRefused as error:
        if error.is_passing:
            raise
        words = (
            f"第 {template.version} 版自备模板“{template.name}”现在不能填写，没有生成文件。{error.what}。"
            "请统筹办在“自备模板”页改用系统版式，或改正模板后上传新版并启用，再生成一次。"
        )
        raise Refused(words, rule=error.rule) from error


def upload(
    *,
    campaign: Campaign,
    paper: str,
    name: str,
    content: bytes,
    filled: Filled,
    actor: User,
    now: datetime | None = None,
) -> tuple[OwnTemplate, bool]:
    """Keep a template as the next version, not yet used: (the version, True); (the last version, False) where it is
    the same file.

    ``filled``: what ``core.office_forms.fill_form`` made of it, outside of the transaction. Side effects in order: the
    version, an audit entry with its digest. Raises NotAllowed for anybody but the office.
    """
    _require_office(campaign, actor)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        hold_writable(campaign.pk)
        last = OwnTemplate.objects.filter(campaign=campaign, paper=paper).defer("content").order_by("-version").first()
        if last is not None and last.sha256 == digest:
            return last, False
        made = OwnTemplate.objects.create(
            campaign=campaign,
            paper=paper,
            version=last.version + 1 if last else 1,
            name=name,
            content=content,
            sha256=digest,
            left_out=list(filled.left_out),
            uploaded_at=now or timezone.now(),
            uploaded_by=actor,
        )
        detail = {"paper": paper, "version": made.version, "name": name, "sha256": digest}
        audit.record(
            actor=actor, action="template.uploaded", object_type="campaign", object_key=campaign.code, detail=detail
        )
    return made, True


@transaction.atomic
def use(*, template: OwnTemplate, seen: str, actor: User, now: datetime | None = None) -> bool:
    """Write the paper with this version from now on; False where it is written so already.

    ``seen``: ``token_of`` the template that was in use on the page. Side effects in order: the choice, an audit entry.
    Raises NotAllowed for anybody but the office, StaleVersion where somebody else has chosen since.
    """
    campaign = template.campaign
    _require_office(campaign, actor)
    detail = {"version": template.version, "sha256": template.sha256}
    return _choose(campaign, template.paper, template, seen, actor, now, action="template.used", detail=detail)


@transaction.atomic
def use_own_layout(*, campaign: Campaign, paper: str, seen: str, actor: User, now: datetime | None = None) -> bool:
    """Write the paper in the product's own layout again, the versions stay; False where no template was in use.

    As ``use`` otherwise.
    """
    _require_office(campaign, actor)
    return _choose(campaign, paper, None, seen, actor, now, action="template.dropped", detail={})


def token_of(used: OwnTemplate | None) -> str:
    """By what a form knows whether another template came into use meanwhile."""
    return content_token(used.pk if used else 0)


def _choose(
    campaign: Campaign, paper: str, template: OwnTemplate | None, seen: str, actor: User, now: datetime | None,
    *, action: str, detail: dict,
) -> bool:  # fmt: skip
    hold_writable(campaign.pk)
    last = TemplateUse.objects.filter(campaign=campaign, paper=paper).select_related("template", "chosen_by").first()
    used = last.template if last else None
    if used == template:
        return False
    if last is not None and seen != token_of(used):
        raise overtaken("使用中的模板", last.chosen_by, last.chosen_at, rule="own_template.stale")
    choice = {"template": template, "chosen_by": actor, "chosen_at": now or timezone.now()}
    TemplateUse.objects.update_or_create(campaign=campaign, paper=paper, defaults=choice)
    detail = {"paper": paper, **detail}
    audit.record(actor=actor, action=action, object_type="campaign", object_key=campaign.code, detail=detail)
    return True


def _require_office(campaign: Campaign, actor: User) -> None:
    if not may_compile(actor, campaign):
        raise NotAllowed("自备模板由本活动的统筹办管理。", rule="own_template.office")
