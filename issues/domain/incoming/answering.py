"""登记答复: what the reporter was answered. The words stand in ``Incoming`` alone, so that they can be erased."""

from core.exceptions import Conflict
from core.guards import at_step, before_offer
from issues.domain.context import IssueContext
from issues.enums import Satisfaction
from issues.models import Incoming


@before_offer
def came_in(ctx: IssueContext) -> dict[str, str]:
    """note_reply: only of a problem somebody reported, whose personal data was not erased."""
    incoming = getattr(ctx.issue, "incoming", None)
    if incoming is None:
        raise Conflict("这一问题不是来件，没有可答复的反映人。", rule="issue.note_reply")
    if incoming.erased_at is not None:
        raise Conflict("反映人信息已经清除，不能再登记答复。", rule="issue.note_reply")
    return {}


@at_step
def answered(ctx: IssueContext) -> dict[str, str]:
    """An answer in words, or how satisfied the reporter was."""
    data = ctx.data
    told = str(data.get("reply") or "").strip() or data.get("satisfaction")
    return {} if told else {"reply": "请填写答复，或选择满意度"}


def note_reply(ctx: IssueContext) -> dict[str, object]:
    """The answer takes the place of the one before. The history tells that there was one, not its words."""
    values = {
        "reply": str(ctx.data.get("reply") or "").strip()[:1000],
        "satisfaction": ctx.data.get("satisfaction") or "",
    }
    given = {name: value for name, value in values.items() if value}
    Incoming.objects.filter(issue=ctx.issue, erased_at=None).update(**given)
    told = ["已登记答复"] if "reply" in given else []
    if "satisfaction" in given:
        told.append(f"满意度：{Satisfaction(given['satisfaction']).label}")
    ctx.extra["told"] = "；".join(told)
    return {}
