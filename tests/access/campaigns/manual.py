"""Access to the manual and to 意见建议: rows of the policy, and the objects they ask for."""

from django.utils import timezone

from manual.domain import suggestions
from tests.access.policy import Access, Row, give, page

SEEN = Access(give(200, "liaison", "sysadmin"), give(200, "namesake", "sysadmin"))

ROWS: dict[str, Row] = {
    "help": page(),
    "help_page": Row(extra={"slug": "walk"}, get=page().get),
    "suggestions": page(),
    "suggestions_export": page(),
    "suggestion_add": Row(get=page().get, post=Access(rest=400)),
    "suggestion": Row(
        "suggestion",
        get=SEEN,
        post=Access(give(403, "liaison") | give(400, "sysadmin"), give(403, "namesake") | give(400, "sysadmin")),
    ),
}
ABSENT: dict[str, dict] = {"suggestion": {"pk": "00000000-0000-4000-8000-000000000000"}}


def objects(cast) -> dict[str, dict]:
    sent = suggestions.send(author=cast.liaison, route="walks", text="字再大些", now=timezone.now())
    return {"suggestion": {"pk": sent.public_id}}
