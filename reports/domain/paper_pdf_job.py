"""The job that writes a paper of a period as PDF, or what an own template makes of it: LibreOffice takes seconds, for
which no page waits."""

import shutil
from collections.abc import Callable
from datetime import date
from typing import IO

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign
from core import jobs
from core.exceptions import Refused
from core.job_run import JobStopped, carry_out
from core.models import Job
from core.pdf import DECLARED
from reports.documents.registry import PAPERS, PDF, Paper, preview_of, write_paper
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.own_templates import fill, templates_of
from reports.domain.publishing import shown_with
from reports.domain.queries import report_scopes
from reports.domain.unit_pack import by_unit
from reports.rules import may_compile

KIND = "paper-pdf"


def request(
    *, query: ReportQuery, paper: Paper, actor: User, send: Callable[[str], object], version: int | None = None
) -> Job:
    """Ask for a paper of the period to be written as PDF in the background, through this scope and judged on this day;
    a second press while the first waits or runs gives the same job. The caller checked that the paper is offered.

    ``version``: that of an own template whose result is looked at before it is used, for the office that keeps it."""
    params = {"campaign": query.campaign.pk, "period": query.period.code, "scope": query.report_scope.kind}
    [unit] = query.report_scope.departments if paper.is_units else [None]
    params |= {"paper": paper.key, "as_of": query.as_of.isoformat(), "version": version, "unit": unit}
    what = f"{paper.label}自备模板第 {version} 版" if version else paper.label
    return jobs.enqueue(
        kind=KIND,
        label=f"{query.period.label}{what}（PDF）",
        owner=actor,
        params=params,
        send=send,
        rights=scope_of(actor).fingerprint,
        dedupe_key=f"{KIND}:{':'.join(str(value) for value in params.values())}:{actor.pk}",
    )


def run_job(job_id: str) -> None:
    """Write the PDF a queued job asks for, in its owner's scope as it is now; it appears whole or not at all.

    Side effects in order: an audit entry with the digest of the native file, none for a template that is only looked
    at; the file; the job ends.
    """
    carry_out(job_id, _write, rights_of=lambda owner: scope_of(owner).fingerprint)


def _write(job: Job, owner: User) -> None:
    if job.params["version"]:
        source, name = _preview(job, owner)
    else:
        source, name = write_paper(_query_of(job, owner), job.params["paper"], PDF, actor=owner)
    with source:
        path, sha = jobs.write_file(job, lambda out: shutil.copyfileobj(source, out))
    if not jobs.finish(job, file=(name, path, sha), message=DECLARED):
        raise JobStopped


def _preview(job: Job, owner: User) -> tuple[IO[bytes], str]:
    """What the template makes of the period as its publication would show it."""
    campaign = _campaign_of(job)
    if not may_compile(owner, campaign):
        raise Refused("自备模板由本活动的统筹办管理，没有生成。", rule="own_template.office")
    paper = PAPERS[job.params["paper"]]
    query = shown_with(campaign, period_in(campaign, job.params["period"]), paper)
    template = templates_of(campaign, paper.key).get(version=job.params["version"])
    filled = fill(template, paper.native, paper.values(query)).content
    return preview_of(query, paper, filled, PDF)


def _campaign_of(job: Job) -> Campaign:
    return Campaign.objects.select_related("region", "office").get(pk=job.params["campaign"])


def _query_of(job: Job, owner: User) -> ReportQuery:
    campaign = _campaign_of(job)
    scopes = report_scopes(owner, [campaign])[campaign.pk]
    chosen = next((one for one in scopes if one.kind == job.params["scope"]), None)
    if chosen is None:
        raise Refused("您已看不到本活动的材料，没有生成。", rule="paper.scope")
    period, day = period_in(campaign, job.params["period"]), date.fromisoformat(job.params["as_of"])
    query, unit = ReportQuery(campaign, period, day, chosen), job.params["unit"]
    if unit is None:
        return query
    units = by_unit(query)
    if unit not in units:
        raise Refused("您已看不到该单位的材料，没有生成。", rule="paper.scope")
    return units[unit]
