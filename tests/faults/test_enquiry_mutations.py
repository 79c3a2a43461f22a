"""Guards of 举一反三: each is removed once, and its proof must fail without it."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from accounts.domain.memberships import grant_membership
from core.exceptions import Conflict, DomainError, NotAllowed, Refused
from issues.domain.chases import queries as chases
from issues.domain.enquiries import chasing, lifecycle, queries
from issues.models import Enquiry, EnquiryReply, Issue
from tests.cast import NOON, issue_in
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten

pytestmark = pytest.mark.django_db
LIFE = "issues.domain.enquiries.lifecycle"
GUARDS = "issues.domain.enquiries.guards"
QUERIES = "issues.domain.enquiries.queries"


def nothing(*_, **__):
    return None


def sent(cast, units=None, actor=None, issue=None, **data):
    given = {"question": "有无同类问题", "reply_by": date(2022, 6, 15)} | data
    issue = issue or issue_in(cast, "rectifying")
    return lifecycle.send(issue=issue, units=units or [cast.second_unit], actor=actor or cast.office, now=NOON, **given)


def reply(cast) -> EnquiryReply:
    return EnquiryReply.objects.select_related(*lifecycle.OF_REPLY).get(department=cast.second_unit)


def answer(cast, action="none", actor=None, one=None, **data):
    given = {"reply": one or reply(cast), "action": action, "actor": actor or cast.second_liaison, "now": NOON}
    return lifecycle.answer(data={"words": "已排查"} | data, **given)


def office_and_lead_alone_send(cast):
    with pytest.raises(NotAllowed):
        sent(cast, actor=cast.liaison)


def the_responsible_unit_is_not_asked(cast):
    with pytest.raises(Refused):
        sent(cast, [cast.unit])


def no_unit_off_the_roster_is_asked(cast):
    with pytest.raises(Refused):
        sent(cast, [cast.namesake_unit])


def no_unit_is_asked_twice_at_once(cast):
    issue = issue_in(cast, "rectifying")
    sent(cast, issue=issue)
    with pytest.raises(Refused):
        sent(cast, issue=issue)


def no_date_lies_beyond_what_needs_no_confirmation(cast):
    with pytest.raises(Refused):
        sent(cast, reply_by=date(2022, 12, 1))


def a_merged_issue_is_asked_about_nowhere(cast):
    issue = issue_in(cast, "rectifying")
    Issue.objects.filter(pk=issue.pk).update(state="merged")
    with pytest.raises(Conflict):
        sent(cast, issue=Issue.objects.get(pk=issue.pk))


def the_asked_unit_alone_answers(cast):
    sent(cast)
    with pytest.raises(NotAllowed):
        answer(cast, actor=cast.principal)


def an_answer_of_yes_tells_the_problem(cast):
    sent(cast)
    with pytest.raises(Refused):
        answer(cast, "found", words=" ")


def an_answer_of_no_tells_how_it_was_checked(cast):
    sent(cast)
    with pytest.raises(Refused):
        answer(cast, "none", words=" ")


def a_unit_names_its_own_item(cast):
    sent(cast)
    with pytest.raises(Refused):
        answer(cast, "found", item=cast.item)


def of_two_answers_one_wins(cast):
    sent(cast, [cast.second_unit, cast.lead_unit])
    one, other = reply(cast), reply(cast)
    answer(cast, one=one)
    with pytest.raises(Conflict):
        answer(cast, "found", one=other)
    assert Issue.objects.count() == 1


def the_sending_side_alone_ends(cast):
    made = sent(cast)
    with pytest.raises(NotAllowed):
        lifecycle.end(enquiry=made, actor=cast.second_liaison, data={"note": "误"}, now=NOON)


def an_end_has_a_reason(cast):
    made = sent(cast)
    with pytest.raises(Refused):
        lifecycle.end(enquiry=made, actor=cast.office, data={"note": ""}, now=NOON)


def the_sending_side_alone_chases(cast):
    made = sent(cast)
    with pytest.raises(NotAllowed):
        chasing.chase(enquiry=made, replies=made.replies.all(), words="", again=True, actor=cast.lead, now=NOON)


def nobody_is_chased_twice_a_day_without_saying_so(cast):
    made = sent(cast)
    given = {"enquiry": made, "words": "", "again": False, "actor": cast.office, "now": NOON}
    chasing.chase(replies=made.replies.all(), **given)
    with pytest.raises(Refused):
        chasing.chase(replies=made.replies.all(), **given)


def a_unit_reads_no_answer_of_another(cast):
    sent(cast, [cast.second_unit, cast.lead_unit])
    grant_membership(user=cast.namesake, department=cast.lead_unit, role="liaison")
    assert {one.department for one in queries.replies_visible_to(cast.namesake)} == {cast.lead_unit}


def the_asked_unit_reads_no_number_it_does_not_see(cast):
    issue = issue_in(cast, "rectifying")
    sent(cast, issue=issue)
    [row] = queries.reply_rows(queries.replies_shown_to(cast.second_liaison), today=NOON.date())
    child = answer(cast, "found").child
    assert (row["number"], queries.kin_of(child, cast.second_liaison)["parent"]) == ("", "")
    assert queries.kin_of(issue, cast.liaison)["children"] == []


def the_responsible_unit_reads_no_chase_of_another(cast):
    made = sent(cast)
    chasing.chase(enquiry=made, replies=made.replies.all(), words="", again=False, actor=cast.office, now=NOON)
    assert not chases.chases_visible_to(cast.liaison).exists()


def what_was_asked_stays(cast):
    sent(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Enquiry.objects.update(question="改")


def what_was_answered_stays(cast):
    sent(cast)
    answer(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        EnquiryReply.objects.update(words="改")


def every_issue(user):
    return Issue.objects.all()


def every_reply(user):
    return EnquiryReply.objects.all()


FAULTS = (
    Fault(
        office_and_lead_alone_send, replaced(f"{LIFE}.require_sendable", lambda issue, user: issue.campaign.office_id)
    ),
    Fault(
        the_responsible_unit_is_not_asked,
        rewritten("issues.domain.enquiries.lifecycle.units_to_ask", " if pk != issue.responsible_department_id", ""),
    ),
    Fault(
        no_unit_off_the_roster_is_asked,
        rewritten(f"{LIFE}._require_content", "any(unit.pk not in may_be_asked for unit in units)", "False"),
    ),
    Fault(no_unit_is_asked_twice_at_once, replaced(f"{LIFE}.asked_already", lambda issue, units: [])),
    Fault(
        no_date_lies_beyond_what_needs_no_confirmation,
        rewritten(f"{LIFE}._require_content", "not today <= reply_by <= last", "False"),
    ),
    Fault(a_merged_issue_is_asked_about_nowhere, replaced(f"{LIFE}.NOT_ASKED", ())),
    Fault(the_asked_unit_alone_answers, replaced(f"{LIFE}.reply_actors_of", lambda user, one: frozenset({"asked"}))),
    Fault(an_answer_of_yes_tells_the_problem, replaced(f"{GUARDS}.problem_told", nothing)),
    Fault(an_answer_of_no_tells_how_it_was_checked, replaced(f"{GUARDS}.check_told", nothing)),
    Fault(a_unit_names_its_own_item, replaced(f"{GUARDS}.own_item", nothing)),
    Fault(
        of_two_answers_one_wins,
        lambda: [
            one
            for removal in (
                rewritten(f"{LIFE}.answer", "if held.state not in row.sources or held.version != seen:", "if False:"),
                rewritten(f"{LIFE}._write", "state__in=row.sources, version=version", ""),
                no_triggers("issues_enquiryreply"),
            )
            for one in removal()
        ],
    ),
    Fault(the_sending_side_alone_ends, replaced(f"{LIFE}.enquiry_actors_of", lambda user, one: frozenset({"sender"}))),
    Fault(an_end_has_a_reason, replaced(f"{GUARDS}.reason", nothing)),
    Fault(the_sending_side_alone_chases, replaced("issues.domain.enquiries.chasing.require_sender", nothing)),
    Fault(
        nobody_is_chased_twice_a_day_without_saying_so,
        replaced("issues.domain.enquiries.chasing._require_reached", nothing),
    ),
    Fault(a_unit_reads_no_answer_of_another, replaced(f"{QUERIES}.replies_visible_to", every_reply)),
    Fault(the_asked_unit_reads_no_number_it_does_not_see, replaced(f"{QUERIES}.issues_visible_to", every_issue)),
    Fault(
        the_responsible_unit_reads_no_chase_of_another,
        rewritten("issues.domain.chases.queries.chases_visible_to", "answered, ", ""),
    ),
    Fault(what_was_asked_stays, no_triggers("issues_enquiry")),
    Fault(what_was_answered_stays, no_triggers("issues_enquiryreply")),
)


class TestFaults(FaultTests):
    also = (DomainError,)
