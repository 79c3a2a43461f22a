"""A walk that waits for a signature which nobody can give: the unit has no principal (docs/rules.md section 4)."""

from accounts.domain.memberships import people_with_role
from accounts.enums import Role
from walks.enums import WalkState
from walks.models import Walk


def unheld_words(walk: Walk) -> str:
    """Said to the unit; "" where somebody may sign. One query where a signature waits, else none."""
    if walk.state != WalkState.RECORDED:
        return ""
    if people_with_role(department_ids=[walk.department_id], roles=[Role.PRINCIPAL]):
        return ""
    nobody = f"{walk.department}现无主要负责同志，无人可以签字。"
    return f"{nobody}请联系系统管理员、安全管理员明确人选；统筹办的首页已列出本单位。"
