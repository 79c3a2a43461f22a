"""Compile a period: the figures of every unit, kept with their digest. The only writer of ``Summary``."""

import logging
from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.states import hold_writable
from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from core import audit, jobs
from core.error_pages import error_code
from core.exceptions import DomainError, NotAllowed, Refused
from core.models import Job
from core.periods import Period
from reports.domain.figures import ReportQuery
from reports.domain.queries import SYSTEM
from reports.domain.summary import contract
from reports.domain.zero_reports import table_with_zero
from reports.models import Summary, SummaryState
from reports.rules import may_compile

logger = logging.getLogger(__name__)

KIND = "summary"
NOT_YOURS = "汇总由本活动的统筹办办理，您可以查看但不能汇总。"


def period_in(campaign: Campaign, code: str) -> Period:
    """The period a code asks for under the campaign's present rules; ValueError in words (``Rulebook.period``)."""
    _, rules = rules_of(campaign.pk)
    return rules.period(code)


def is_own(campaign: Campaign, period: Period) -> bool:
    """Whether the campaign's units report by periods of this kind, under its present rules."""
    return rules_of(campaign.pk)[1].is_own(period)


@transaction.atomic
def compile_period(
    *, campaign: Campaign, period: Period, actor: User | None, now: datetime | None = None, as_of: date | None = None
) -> Summary:
    """Count the period for the whole campaign and keep the result as the next version; none is ever overwritten.

    Everything is judged on ``as_of`` (default: today). Side effects in order: the summary; an audit entry with its
    version and digest. Raises Refused once the period is published.
    """
    now = now or timezone.now()
    as_of = as_of or timezone.localtime(now).date()
    # Two who compile at once get two versions: the second waits here for the first.
    hold_writable(campaign.pk)
    last = _last(campaign, period)
    if last is not None and last.state == SummaryState.PUBLISHED:
        words = f"{period.label}的汇总已印发，不能重新汇总。需要改动的，请更正印发。"
        raise Refused(words, rule="summary.frozen")
    query = ReportQuery(campaign, period, as_of, SYSTEM)
    data = contract(campaign.code, period, table_with_zero(query))
    summary = keep_version(query, data, actor=actor, now=now)
    detail = {
        "period": period.code, "version": summary.version, "digest": summary.digest, "as_of": as_of.isoformat()
    }  # fmt: skip
    audit.record(
        actor=actor, action="summary.compiled", object_type="campaign", object_key=campaign.code, detail=detail
    )
    return summary


def keep_version(
    query: ReportQuery,
    data: dict,
    *,
    actor: User | None,
    now: datetime,
    state: SummaryState = SummaryState.COMPILED,
) -> Summary:
    """Keep these figures as the next version of the period; the caller holds the lock on the campaign."""
    last = _last(query.campaign, query.period)
    return Summary.objects.create(
        campaign=query.campaign,
        period=query.period.code,
        version=last.version + 1 if last else 1,
        state=state,
        data=data,
        digest=audit.digest(data),
        as_of=query.as_of,
        compiled_at=now,
        compiled_by=actor,
    )


def _last(campaign: Campaign, period: Period) -> Summary | None:
    return Summary.objects.filter(campaign=campaign, period=period.code).order_by("version").last()


def request(*, campaign: Campaign, period: Period, actor: User, send: Callable[[str], object]) -> Job:
    """Ask for a period to be compiled in the background; ``send(job id)`` wakes the worker after the commit.

    A second press while the first still waits or runs gives the same job. Raises NotAllowed for anybody but the
    office of the campaign's own level. A broker that is down loses nothing: the job waits.
    """
    if not may_compile(actor, campaign):
        raise NotAllowed(NOT_YOURS, rule="summary.compile")
    return jobs.enqueue(
        kind=KIND,
        label=f"汇总 {campaign.name} {period.label}",
        owner=actor,
        params={"campaign": campaign.pk, "period": period.code},
        send=send,
        rights=scope_of(actor).fingerprint,
        dedupe_key=f"{KIND}:{campaign.pk}:{period.code}:{actor.pk}",
    )


def run_job(job_id: str) -> None:
    """Carry out a job of this kind, if nobody else has it and it has not ended.

    Summary and job end in one transaction, so that a worker that dies leaves neither and the next one does both; a job
    cancelled meanwhile leaves no summary. What goes wrong stands on the job, in words.
    """
    job = jobs.claim(job_id)
    if job is None or not jobs.advance(job, progress=0, total=1):
        return
    if scope_of(job.owner).fingerprint != job.rights:
        jobs.fail(job, message="您的角色已有变动，没有汇总。请由本活动的统筹办重新办理。")
        return
    try:
        with transaction.atomic():
            campaign = Campaign.objects.get(pk=job.params["campaign"])
            period = period_in(campaign, job.params["period"])
            compile_period(campaign=campaign, period=period, actor=job.owner)
            if not jobs.finish(job, result_url=reverse("report", args=[campaign.code, period.code])):
                transaction.set_rollback(True)
    except DomainError as error:
        jobs.fail(job, message=error.message)
    except Exception:
        code = error_code()
        logger.exception("job %s failed, code %s", job_id, code)
        jobs.fail(
            job, message=f"汇总未完成，原有汇总没有改变。请重新汇总；如再次失败，请把代码 {code} 告诉系统管理员。"
        )
