"""Guards of what programs write: each is removed once, and its proof must fail without it."""

import pytest

from issues.domain import intake
from plans.tests.test_inbox import plan_of
from tests.api import Program
from tests.cast import NOON, PASSWORD, open_walk
from tests.faults.fault import Fault, FaultTests, replaced, rewritten
from walks.domain import lifecycle
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
ENDPOINT = "evidence.api.FormEndpoint"


def recorded(cast) -> Walk:
    walk = open_walk(cast)
    lifecycle.write_facts(walk=walk, actor=cast.principal, facts={"zero_explained": "全程顺畅"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison)
    walk.refresh_from_db()
    return walk


def no_token_signs(cast):
    walk = recorded(cast)
    path = f"/walks/{walk.pk}/actions/sign/"
    answer = Program(cast.principal).post(path, {"password": PASSWORD}, version=f'"{walk.version}"')
    assert answer.status_code == 403


def who_may_not_write_is_refused_before_anything_is_asked(cast):
    plan = plan_of(cast)
    assert Program(cast.lead).get(f"/plans/{plan.pk}/actions/adjust/").status_code == 403


def a_name_nobody_asks_for_is_refused(cast):
    walk = open_walk(cast)
    body = {"stage": "consult", "created_by": cast.office.pk}
    assert Program(cast.liaison).post(f"/walks/{walk.pk}/steps/add/", body).status_code == 400


def a_request_that_comes_again_makes_nothing_new(cast):
    walk, program = open_walk(cast), Program(cast.liaison)
    for _ in range(2):
        program.post(f"/walks/{walk.pk}/steps/add/", {"stage": "consult", "note": "一次"}, key="k")
    walk.refresh_from_db()
    lifecycle.perform(walk=walk, action="cancel", actor=cast.liaison, data={"reason": "重复"})
    again = program.post(f"/walks/{walk.pk}/steps/add/", {"stage": "consult", "note": "一次"}, key="k")
    assert (again.status_code, walk.steps.filter(note="一次").count()) == (200, 1)


def a_key_serves_one_address_with_its_parameters(cast):
    office, path = Program(cast.office), f"/campaigns/{cast.campaign.code}/periods/2022-06/compile/"
    statuses = [office.post(f"{path}{asked}", key="k").status_code for asked in ("", "", "?as_of=2022-06-07")]
    other = office.post(path.replace("2022-06", "2022-07"), key="k").status_code
    assert (statuses, other) == ([201, 200, 422], 422)


def what_is_not_sent_stays(cast):
    walk, program = open_walk(cast), Program(cast.liaison)
    step = walk.steps.get()
    program.done(f"/walks/{walk.pk}/steps/{step.public_id}/", {"assessment": "smooth"})
    step.refresh_from_db()
    assert step.note == "电话咨询一次说清"


def a_change_names_the_version_it_is_meant_for(cast):
    walk = open_walk(cast)
    step = walk.steps.get()
    path = f"/walks/{walk.pk}/steps/{step.public_id}/"
    assert Program(cast.liaison).post(path, {"note": "新"}).json()["rule"] == "if_match"


def a_row_of_another_plan_is_none_of_this(cast):
    plan = plan_of(cast)
    other = plan.rows.first().pk
    draft = Program(cast.liaison).done("/plans/start/", {"place": f"{cast.campaign.pk}-{cast.unit.pk}-2022-07"})
    row = {
        "item": cast.item.name,
        "activity_kind": "process_walkthrough",
        "mode": "in_person",
        "walker": cast.principal.pk,
    }
    rows = [row | {"id": other}]
    path = f"/plans/{draft['id']}/edit/"
    assert Program(cast.liaison).change(path, {"rows": rows}).status_code == 400


FAULTS = (
    Fault(no_token_signs, rewritten(f"{ENDPOINT}.opened", '"password" in form.fields', "False")),
    Fault(
        who_may_not_write_is_refused_before_anything_is_asked,
        rewritten(f"{ENDPOINT}.opened", "self.open(record)", "pass"),
    ),
    Fault(a_name_nobody_asks_for_is_refused, replaced("core.api_forms.require_asked", lambda *asked: None)),
    Fault(
        a_request_that_comes_again_makes_nothing_new, replaced(f"{ENDPOINT}.is_carried_out", lambda view, key: False)
    ),
    Fault(
        a_key_serves_one_address_with_its_parameters,
        rewritten(f"{ENDPOINT}.content", "dict(self.request.query_params.lists())", "{}"),
    ),
    Fault(what_is_not_sent_stays, replaced("core.api_forms.stored_values", lambda form, sent: {})),
    Fault(a_change_names_the_version_it_is_meant_for, replaced("core.api_forms.version_sent", lambda request: "0")),
    Fault(a_row_of_another_plan_is_none_of_this, rewritten("plans.api.writing.wrong_rows", "pk not in have or", "")),
)


class TestProgramsWrite(FaultTests):
    also = (KeyError,)
