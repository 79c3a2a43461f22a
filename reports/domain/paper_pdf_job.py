"""The job that writes a paper of a period as PDF: LibreOffice takes seconds, for which no page waits."""

import shutil
from collections.abc import Callable
from datetime import date

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign
from core import jobs
from core.exceptions import Refused
from core.job_run import JobStopped, carry_out
from core.models import Job
from reports.documents.registry import PDF, Paper, write_paper
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.queries import report_scopes

KIND = "paper-pdf"


def request(*, query: ReportQuery, paper: Paper, actor: User, send: Callable[[str], object]) -> Job:
    """Ask for a paper of the period to be written as PDF in the background, through this scope and judged on this day;
    a second press while the first waits or runs gives the same job. The caller checked that the paper is offered."""
    params = {"campaign": query.campaign.pk, "period": query.period.code, "scope": query.report_scope.kind}
    params |= {"paper": paper.key, "as_of": query.as_of.isoformat()}
    return jobs.enqueue(
        kind=KIND,
        label=f"{query.period.label}{paper.label}（PDF）",
        owner=actor,
        params=params,
        send=send,
        rights=scope_of(actor).fingerprint,
        dedupe_key=f"{KIND}:{':'.join(str(value) for value in params.values())}:{actor.pk}",
    )


def run_job(job_id: str) -> None:
    """Write the PDF a queued job asks for, in its owner's scope as it is now; it appears whole or not at all.

    Side effects in order: an audit entry with the digest of the native file; the file; the job ends.
    """
    carry_out(job_id, _write, rights_of=lambda owner: scope_of(owner).fingerprint)


def _write(job: Job, owner: User) -> None:
    source, name = write_paper(_query_of(job, owner), job.params["paper"], PDF, actor=owner)
    with source:
        path, sha = jobs.write_file(job, lambda out: shutil.copyfileobj(source, out))
    if not jobs.finish(job, file=(name, path, sha)):
        raise JobStopped


def _query_of(job: Job, owner: User) -> ReportQuery:
    campaign = Campaign.objects.select_related("region", "office").get(pk=job.params["campaign"])
    scopes = report_scopes(owner, [campaign])[campaign.pk]
    chosen = next((one for one in scopes if one.kind == job.params["scope"]), None)
    if chosen is None:
        raise Refused("您已看不到本活动的材料，没有生成。", rule="paper.scope")
    period, day = period_in(campaign, job.params["period"]), date.fromisoformat(job.params["as_of"])
    return ReportQuery(campaign, period, day, chosen)
