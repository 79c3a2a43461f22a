"""催办: who is asked to get on with an issue, and the one writer of ``Chase``. Called by the effect of the action
``chase``, in its transaction; event and audit are those of the action."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import people_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import scopes_of
from core.conflicts import overtaken
from issues.domain.cooperation import open_helpers
from issues.domain.overdue import is_overdue
from issues.domain.queries import cooperating_by_issue, parties_with
from issues.models import Chase, EnquiryReply, Issue
from issues.rules import sees
from notifications.domain.notices import Draft, ensure
from notifications.models import Notice

People = Mapping[int, list[int]]


def people_to_chase(issues: Sequence[Issue], today: date) -> dict[int, dict[int, str]]:
    """{issue id: {user id: the right by which that person may open it}} of those who are to get on with each: the
    responsible person and the liaisons of the unit, once it is overdue its principal too; the liaisons of units that
    help and are not done. Six queries, however many issues."""
    helpers = open_helpers(issues)
    units = {unit for issue in issues if (unit := issue.responsible_department_id) is not None}
    units |= {unit for found in helpers.values() for unit in found}
    liaisons = people_with_role(department_ids=units, roles=[Role.LIAISON])
    principals = people_with_role(department_ids=units, roles=[Role.PRINCIPAL])
    asked = {issue.pk: _concerned(issue, helpers.get(issue.pk, ()), liaisons, principals, today) for issue in issues}
    scopes = scopes_of({pk for people in asked.values() for pk in people})
    helped = cooperating_by_issue(asked)
    found: dict[int, dict[int, str]] = {}
    for issue in issues:
        opens = partial(sees, parties=parties_with(issue, helped.get(issue.pk, frozenset())))
        rights = {pk: scopes[pk].right_that(opens) for pk in asked[issue.pk]}
        found[issue.pk] = {pk: right for pk, right in rights.items() if right}
    return found


def _concerned(issue: Issue, helpers: Sequence[int], liaisons: People, principals: People, today: date) -> list[int]:
    unit, requested = issue.responsible_department_id, issue.closing_requested_on
    if unit is None:
        return []
    late = is_overdue(state=issue.state, due_on=issue.due_on, requested_on=requested, today=today)
    named = [issue.responsible_person_id] if issue.responsible_person_id else []
    helping = [person for helper in helpers for person in liaisons.get(helper, ())]
    return [*named, *liaisons.get(unit, ()), *(principals.get(unit, ()) if late else ()), *helping]


def chased_today(issues: Iterable[Issue], today: date) -> dict[int, dict[int, Chase]]:
    """{issue id: {user id: the last time that person was chased about it on that day}}; one query, none where no issue
    was chased on that day."""
    ids = [issue.pk for issue in issues if issue.chased_on == today]
    found: dict[int, dict[int, Chase]] = {}
    if ids:
        rows = Chase.objects.filter(issue_id__in=ids, reply=None).select_related("person", "chased_by")
        for row in rows:
            if timezone.localtime(row.chased_at).date() == today:
                found.setdefault(row.issue_id, {})[row.person_id] = row
    return found


def told_already(again: Iterable[Chase]) -> str:
    """Whom of those to be chased somebody has chased today, in words; "" for nobody."""
    rows = list(again)
    if not rows:
        return ""
    names = "、".join(row.person.label for row in rows)
    return f"今天 {timezone.localtime(rows[-1].chased_at):%H:%M} 已由{rows[-1].chased_by}催办过{names}"


def record(*, issue: Issue, people: Mapping[int, str], words: str, actor: User, now: datetime) -> None:
    """Chase these people. Side effects in order: how often and when last on the issue, by an UPDATE bound to how often
    it was before; a notice to each; a row for each.

    Raises StaleVersion (409) where somebody else chased at the same moment.
    """
    unit = issue.responsible_department_id
    if unit is None:
        raise ValueError("chased without a responsible unit, which the guards refuse")
    number, today = issue.chases + 1, timezone.localtime(now).date()
    if not Issue.objects.filter(pk=issue.pk, chases=issue.chases).update(chases=number, chased_on=today):
        last = Chase.objects.filter(issue=issue, reply=None).select_related("chased_by").latest("number", "id")
        raise overtaken("该问题", last.chased_by, last.chased_at, rule="issue.chase")
    record_people(
        issue=issue, reply=None, unit=unit, number=number, people=people, words=words, actor=actor, now=now
    )  # fmt: skip


def record_people(
    *,
    issue: Issue,
    reply: EnquiryReply | None,
    unit: int,
    number: int,
    people: Mapping[int, str],
    words: str,
    actor: User,
    now: datetime,
) -> None:
    """A notice to each of these people and a row for each: about the issue, or about what their ``unit`` has to answer
    to an enquiry made from it (``reply``), which tells nothing of the issue."""
    if reply is None:
        key, link = f"chase:{issue.pk}:{number}", reverse("issue", args=[issue.number])
        text = f"{actor}催办 {issue.number}{f'（{words}）' if words else ''}，请抓紧办理：{issue.description[:60]}"
    else:
        key, link = f"chase:reply:{reply.pk}:{number}", reverse("enquiry_reply", args=[reply.public_id])
        text = f"{actor}催办举一反三{f'（{words}）' if words else ''}，请于 {reply.reply_by} 前答复有或无"
    drafts = [Draft(pk, "issue.chase", key, text, right, link) for pk, right in people.items()]
    ensure(drafts, now=now)
    of_helpers = _units_of_helpers(issue, unit) if reply is None else {}
    notices = Notice.objects.filter(dedupe_key__in=[draft.dedupe_key for draft in drafts])
    Chase.objects.bulk_create(
        Chase(
            issue=issue, reply=reply, number=number, department_id=of_helpers.get(recipient, unit), person_id=recipient,
            notice_id=notice, words=words[:500], chased_by=actor, chased_at=now,
        )
        for notice, recipient in notices.order_by("id").values_list("id", "recipient_id")
    )  # fmt: skip


def _units_of_helpers(issue: Issue, responsible: int) -> dict[int, int]:
    """{user id: the unit that helps and whose liaison the person is}; who is of the responsible unit too is not in it.
    None to two queries."""
    helpers = open_helpers([issue]).get(issue.pk, [])
    if not helpers:
        return {}
    liaisons = people_with_role(department_ids=[*helpers, responsible], roles=[Role.LIAISON])
    own = set(liaisons.get(responsible, ())) | {issue.responsible_person_id}
    return {person: unit for unit in helpers for person in liaisons.get(unit, ()) if person not in own}
