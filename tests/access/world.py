"""The objects the access tests ask for: one of every kind in the cast's county, one in the county beside it."""

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from accounts.models import Department, User
from accounts.scope import scope_of
from campaigns.domain.lifecycle import create_campaign
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from core import jobs
from core.office_forms import Filled
from evidence.domain.store import accept_photo
from issues.domain import intake, saved
from issues.models import BulkChange
from reports.documents.drafts import TEXT_PAPERS
from reports.documents.template_values import sample_paper
from reports.domain.compile import compile_period, period_in
from reports.domain.own_templates import upload
from reports.domain.publishing import publish
from reports.domain.submissions.lines import open_parts
from tests.access.areas import AREAS
from tests.cast import NOON, TZ, Cast, build_cast, issue_in, open_walk, reported_walk
from walks.domain import components
from walks.domain import lifecycle as walk_lifecycle
from walks.domain.stored import token_of_step

PERIOD = "2022-06"
REPORT_TEMPLATE = {"period": PERIOD, "kind": "month-report"}
PUBLISHED_AT = datetime(2022, 6, 22, 9, 0, tzinfo=TZ)


@dataclass
class World:
    """``objects[relation][kind]`` is the URL argument set of that kind of object."""

    cast: Cast
    objects: dict = field(default_factory=dict)


def photo() -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "steelblue").save(picture, "JPEG")
    return SimpleUploadedFile("现场.jpg", picture.getvalue(), content_type="image/jpeg")


def build_world(
    before: Callable[[Cast], object] = lambda cast: None, between: Callable[[Cast], object] = lambda cast: None
) -> World:
    """The cast's county as ``own``, 白石县 as ``other``, ids nobody ever gave as ``absent``.

    ``before`` is called when the cast stands and nothing has happened yet, ``between`` after the first county.
    """
    cast = build_cast()
    before(cast)
    world = World(cast)
    world.objects["own"] = _objects(cast)
    between(cast)
    world.objects["other"] = _objects(_neighbour(cast))
    world.objects["absent"] = _absent()
    return world


def _objects(cast: Cast) -> dict:
    walk = open_walk(cast, problems=1)
    step = walk.steps.get()
    file = accept_photo(upload=photo(), actor=cast.principal)
    walk_lifecycle.edit_step(
        step=step,
        actor=cast.principal,
        seen=token_of_step(step),
        stage=step.stage,
        note=step.note,
        assessment="",
        happened_at=step.happened_at,
        files=[file],
    )
    meeting = components.add(
        walk=walk, actor=cast.principal, code="discussion_meeting", happened_at=NOON, person="窗口人员2人"
    )
    draft = walk.issues.get()
    recorded = open_walk(cast)
    walk_lifecycle.write_facts(walk=recorded, actor=recorded.walker, facts={"zero_explained": "全程顺畅"})
    recorded.refresh_from_db()
    intake.record_walk(walk=recorded, actor=cast.liaison, now=NOON)
    reported, [issue] = reported_walk(cast)
    worked_on = issue_in(cast, "rectifying")
    summary = compile_period(
        campaign=cast.campaign, period=period_in(cast.campaign, PERIOD), actor=cast.office, now=NOON
    )
    june = period_in(cast.campaign, PERIOD)
    published = publish(
        campaign=cast.campaign,
        period=june,
        actor=cast.office,
        now=PUBLISHED_AT,
        as_of=PUBLISHED_AT.date(),
        confirmed=open_parts(cast.campaign, june, today=PUBLISHED_AT.date()).token,
    )
    return {
        "walk": {"pk": walk.pk},
        "step": {"pk": walk.pk, "step_id": step.public_id},
        "part": {"pk": walk.pk, "code": "discussion_meeting"},
        "component_step": {"pk": walk.pk, "step_id": meeting.public_id},
        "problem": {"pk": walk.pk, "issue_id": draft.public_id},
        "recorded": {"pk": recorded.pk},
        "reported": {"pk": reported.pk},
        "issue": {"number": issue.number},
        "worked_on": {"number": worked_on.number},
        "campaign": {"code": cast.campaign.code},
        "report": {"code": cast.campaign.code, "period": PERIOD},
        "file": {"pk": file.pk},
        "job": {"pk": _finished_job(cast).pk},
        "held_export": {"pk": _held_export(cast).pk},
        "bulk_change": {"pk": BulkChange.objects.create(action="assign", actor=cast.office, at=NOON).public_id},
        "saved_view": {"pk": _saved_view(cast)},
        "item": {"pk": cast.item.pk},
        "department": {"pk": cast.unit.pk},
        "region": {"pk": cast.county.pk},
        "summary": {"pk": summary.pk},
        "published": {"code": cast.campaign.code, "period": PERIOD, "version": published.version},
        "own_template": REPORT_TEMPLATE | {"code": cast.campaign.code, "version": _own_template(cast).version},
        **{kind: args for area in AREAS for kind, args in area.objects(cast).items()},
    }


def _own_template(cast: Cast):
    made, _ = upload(
        campaign=cast.campaign,
        paper="month-report",
        name="模板.docx",
        content=sample_paper(TEXT_PAPERS["month-report"]),
        filled=Filled(b"", ()),
        actor=cast.office,
    )
    return made


def _finished_job(cast: Cast):
    rights = scope_of(cast.office).fingerprint
    waiting = jobs.enqueue(
        kind="export", label="导出台账", owner=cast.office, params={}, send=lambda pk: None, rights=rights
    )
    job = jobs.claim(waiting.pk)
    name, sha = jobs.write_file(job, lambda handle: handle.write(b"workbook"))
    jobs.finish(job, file=("台账.xlsx", name, sha))
    return job


def _held_export(cast: Cast):
    params = {"query": "", "unmasked": False, "rows": 6000, "region": cast.county.pk, "reason": "报送汇总"}
    return jobs.enqueue(
        kind="ledger.export", label="导出台账", owner=cast.lead, params=params, send=lambda pk: None, held=True
    )


def _saved_view(cast: Cast) -> uuid.UUID:
    """A filter that the people of the office share."""
    shared = {"audience": "unit", "department": min(scope_of(cast.office).offices)}
    return saved.save(user=cast.office, kind="filter", name="在办", query="state=open", **shared, now=NOON).public_id


def _absent() -> dict:
    nobody = uuid.UUID(int=7)
    return {
        "walk": {"pk": nobody},
        "step": {"pk": nobody, "step_id": nobody},
        "part": {"pk": nobody, "code": "discussion_meeting"},
        "component_step": {"pk": nobody, "step_id": nobody},
        "problem": {"pk": nobody, "issue_id": nobody},
        "recorded": {"pk": nobody},
        "reported": {"pk": nobody},
        "issue": {"number": "QH2022-99999"},
        "worked_on": {"number": "QH2022-99999"},
        "campaign": {"code": "NICHTS"},
        "report": {"code": "NICHTS", "period": PERIOD},
        "published": {"code": "NICHTS", "period": PERIOD, "version": 1},
        "own_template": REPORT_TEMPLATE | {"code": "NICHTS", "version": 1},
        "file": {"pk": nobody},
        "job": {"pk": nobody},
        "held_export": {"pk": nobody},
        "bulk_change": {"pk": nobody},
        "saved_view": {"pk": nobody},
        "item": {"pk": 9_999_999},
        "department": {"pk": 9_999_999},
        "region": {"pk": 9_999_999},
        "summary": {"pk": 9_999_999},
        **{kind: args for area in AREAS for kind, args in area.ABSENT.items()},
    }


def _neighbour(cast: Cast) -> Cast:
    """白石县 with people of its own; its liaison is the cast's ``namesake``, its office ``office_other_county``."""
    unit, region = cast.namesake_unit, cast.other_county
    lead = Department.objects.create(region=region, name="县行政审批局", order=20)
    principal = User.objects.create(username="other_principal", name="白石局长")
    receiver = User.objects.create(username="other_lead", name="白石牵头")
    grant_membership(user=principal, department=unit, role=Role.PRINCIPAL)
    grant_membership(user=receiver, department=lead, role=Role.LEAD)
    campaign, _ = create_campaign(
        template="lantian-2022",
        code="BS2022",
        name="白石县“一把手走流程”",
        region_name=region.name,
        region=region,
        start=date(2022, 5, 25),
        end=date(2032, 12, 31),
    )
    return Cast(
        people={
            "principal": principal,
            "liaison": cast.namesake,
            "lead": receiver,
            "office": cast.office_other_county,
            "responsible": cast.namesake,
        },
        county=region,
        unit=unit,
        lead_unit=lead,
        item=ServiceItem.objects.create(department=unit, name="白石事项"),
        campaign=Campaign.objects.get(pk=campaign.pk),
    )
