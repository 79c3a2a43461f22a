"""更正登记信息: the telephone number of the responsible person and the remark, which no other action changes."""

from core.guards import at_step
from issues.domain.context import IssueContext

REMARK_TOLD = 300


def changed(ctx: IssueContext) -> dict[str, str]:
    """{field: new value} of what was given and stands otherwise. An empty number changes nothing; an empty remark
    takes the remark away. What was not given is not in ``ctx.data``."""
    data, issue = ctx.data, ctx.issue
    phone = str(data.get("contact_phone") or "").strip() or issue.contact_phone
    remark = str(data["remark"] or "").strip() if "remark" in data else issue.remark
    wanted = {"contact_phone": phone[:20], "remark": remark[:500]}
    return {name: value for name, value in wanted.items() if value != getattr(issue, name)}


@at_step
def something_amended(ctx: IssueContext) -> dict[str, str]:
    """amend: a number or a remark other than the one that stands there; a number only where a unit is responsible."""
    found = changed(ctx)
    if not found:
        return {"remark": "请填写要更正的联系电话或备注"}
    if "contact_phone" in found and ctx.issue.responsible_department_id is None:
        return {"contact_phone": "还没有责任单位，不能填写联系电话"}
    return {}


def amend(ctx: IssueContext) -> dict[str, object]:
    """The values given. The history tells that the number was changed, not which it was, and both remarks."""
    found, told = changed(ctx), []
    if "contact_phone" in found:
        told.append("联系电话已更正")
    if "remark" in found:
        told.append(f"备注由“{ctx.issue.remark[:REMARK_TOLD]}”改为“{found['remark'][:REMARK_TOLD]}”")
    ctx.extra["told"] = "；".join(told)
    return dict(found)
