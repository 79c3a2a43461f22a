"""What an action on a walk changes: each effect returns the columns to write and may add rows beside the walk in the
same transaction."""

from walks.domain import frozen, requirements
from walks.domain.guards import WalkContext
from walks.domain.queries import done_of, steps_of
from walks.models import StampedPage

NO_SIGNATURE = {"signed_by": None, "signer_name": "", "signed_at": None, "signed_digest": ""}


def _begin(ctx: WalkContext) -> dict:
    """The walk begins today, whatever day was planned: with today's names and promises."""
    walk = ctx.walk
    names = frozen.snapshot(item=walk.item, department=walk.department, receiver=walk.receiver, walker=walk.walker)
    return {"started_at": ctx.now, "walk_date": ctx.today, "period": ctx.rules.period_of(ctx.today).code, **names}


def _postpone(ctx: WalkContext) -> dict:
    day = ctx.data["planned_on"]
    return {"walk_date": day, "period": ctx.rules.period_of(day).code}


def _record(ctx: WalkContext) -> dict:
    """Judged by the 环节 the notice asks for (docs/rules.md section 4: incomplete walks are accepted, marked 未达标,
    and do not count)."""
    walk = ctx.walk
    activity = ctx.rules.activity_of(walk.activity_kind)
    short = requirements.shortfall(activity, walk.activity_kind, done_of(steps_of(walk)))
    conforms = not short if activity and activity.links else None
    return {"is_waiting": False, "conforms": conforms, "shortfall": short}


def _sign(ctx: WalkContext) -> dict:
    """With the digest of what was signed: a later change is a new version, never unseen."""
    signer = {"signed_by": ctx.actor, "signer_name": str(ctx.actor)}
    return {**signer, "signed_at": ctx.now, "signed_digest": ctx.data["content_digest"]}


def _report(ctx: WalkContext) -> dict:
    StampedPage.objects.bulk_create(
        StampedPage(walk=ctx.walk, file=file, digest=ctx.walk.signed_digest, added_by=ctx.actor, added_at=ctx.now)
        for file in ctx.data.get("stamped", ())
    )
    return {"reported_at": ctx.now}


def _accept(ctx: WalkContext) -> dict:
    return {"accepted_at": ctx.now}


def _send_back(ctx: WalkContext) -> dict:
    """Numbers already given stay; the signature is void."""
    return {"return_reason": ctx.data["reason"], **NO_SIGNATURE}


def _reopen(ctx: WalkContext) -> dict:
    """The signature is void; the event keeps who had signed."""
    return NO_SIGNATURE


def _cancel(ctx: WalkContext) -> dict:
    """Nothing is deleted."""
    return {}


EFFECTS = {
    "begin": _begin,
    "postpone": _postpone,
    "record": _record,
    "sign": _sign,
    "report": _report,
    "accept": _accept,
    "send_back": _send_back,
    "reopen": _reopen,
    "cancel": _cancel,
}
