"""The job that writes a unit's material of a period."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import IO

from django.db import transaction

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign
from core import audit, jobs
from core.exceptions import Refused
from core.job_run import JobStopped, carry_out
from core.models import Job
from reports.documents import unit_pack as document
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.queries import report_scopes
from reports.domain.unit_pack import UnitPack, narrowed, unit_pack, units_with_packs

KIND = "unit-pack"


def request(*, query: ReportQuery, unit_id: int, actor: User, send: Callable[[str], object]) -> Job:
    """Ask for the material of a unit to be written in the background; a second press while the first waits or runs
    gives the same job. The caller checked the unit against ``units_with_packs``."""
    params = {"campaign": query.campaign.pk, "period": query.period.code, "unit": unit_id}
    params["as_of"] = query.as_of.isoformat()
    return jobs.enqueue(
        kind=KIND,
        label=f"{query.report_scope.label}{query.period.label}材料",
        owner=actor,
        params=params,
        send=send,
        rights=scope_of(actor).fingerprint,
        dedupe_key=f"{KIND}:{':'.join(str(value) for value in params.values())}:{actor.pk}",
    )


def run_job(job_id: str) -> None:
    """Write the ZIP a queued job asks for, in its owner's scope as it is now; it appears whole or not at all.

    Side effects in order: the file; an audit entry with its digest and the end of the job, both or neither.
    """
    carry_out(
        job_id,
        lambda job, owner: _write(job, _pack_of(job, owner)),
        rights_of=lambda owner: scope_of(owner).fingerprint,
    )


def note_written(pack: UnitPack, sha256: str, *, actor: User | None) -> None:
    """The audit entry of a pack that was written."""
    detail = {"paper": document.KEY, "period": pack.query.period.code, "scope": pack.unit, "sha256": sha256}
    detail["as_of"] = pack.query.as_of.isoformat()
    code = pack.query.campaign.code
    audit.record(actor=actor, action="paper.written", object_type="campaign", object_key=code, detail=detail)


def _pack_of(job: Job, owner: User) -> UnitPack:
    campaign = Campaign.objects.select_related("region", "office").get(pk=job.params["campaign"])
    period, day = period_in(campaign, job.params["period"]), date.fromisoformat(job.params["as_of"])
    scopes, unit = report_scopes(owner, [campaign])[campaign.pk], job.params["unit"]
    if not scopes:
        raise Refused("您已看不到本活动的材料，没有生成。", rule="pack.scope")
    query = ReportQuery(campaign, period, day, scopes[0])
    names = units_with_packs(query, scopes)
    if unit not in names:
        raise Refused("该单位已不在活动名单内，没有生成材料。", rule="pack.unit")
    return unit_pack(narrowed(query, unit, names[unit], owner))


def _write(job: Job, pack: UnitPack) -> None:
    total = len(pack.contents) + 1
    if not jobs.advance(job, progress=0, total=total):
        raise JobStopped

    def on_walk(number: int) -> None:
        if not jobs.advance(job, progress=number):
            raise JobStopped

    path, sha = jobs.write_file(job, partial(_write_to, pack, on_walk))
    words = f"登记表 {len(pack.contents)} 份，照片 {pack.photos} 张。"
    words += f"有 {len(pack.gaps)} 处缺少或没有列入，见压缩包内“目录.txt”。" if pack.gaps else ""
    with transaction.atomic():
        note_written(pack, sha, actor=job.owner)
        if not jobs.finish(job, file=(document.pack_name(pack), path, sha), message=words):
            raise JobStopped


def _write_to(pack: UnitPack, on_walk: Callable[[int], None], out: IO[bytes]) -> None:
    document.write_pack(pack, out, on_walk)
