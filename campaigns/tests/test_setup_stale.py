"""Units and receivers saved from a page that somebody else has overtaken: nothing is undone, nothing typed is lost."""

import pytest

from campaigns.domain.receivers import set_receivers
from campaigns.domain.roster import extend, set_roster
from campaigns.domain.setup import working_version
from campaigns.models import Receiver
from campaigns.tests.setup_page import DRAFT, TODAY, drafted, fields_of, press
from core.exceptions import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.clock(TODAY)]
RECEIVERS, ROSTER = f"{DRAFT}receivers/", f"{DRAFT}roster/"


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    client.campaign = drafted(cast)
    return client


def units_of(campaign) -> set[int]:
    return set(campaign.roster.values_list("department_id", flat=True))


def leads(campaign) -> dict[str, str]:
    return dict(campaign.receivers.filter(order=0).values_list("activity_kind", "department__name"))


def opened(client, url: str) -> dict:
    """What a browser holds of a page that was opened and not yet sent."""
    return fields_of(client.get(url).context["form"])


def test_a_stale_page_of_receivers_undoes_nothing_and_keeps_what_was_chosen(office, cast):
    stale = opened(office, RECEIVERS) | {"r1_0": str(cast.second_unit.pk)}
    press(office, RECEIVERS, r0_0=str(cast.unit.pk))
    office.force_login(cast.office_second)
    answer = office.post(RECEIVERS, stale)
    assert (answer.status_code, "接收单位在本页打开以后已有改动" in answer.text) == (409, True)
    assert f"最近保存：{cast.office}，" in answer.text
    assert leads(office.campaign)["process_walkthrough"] == "县民政局"
    assert leads(office.campaign)["window_duty"] == "县行政审批局"
    form = answer.context["form"]
    assert form["r1_0"].value() == str(cast.second_unit.pk)
    again = fields_of(form) | {"r0_0": str(cast.unit.pk)}
    assert office.post(RECEIVERS, again).status_code == 302
    assert leads(office.campaign)["process_walkthrough"] == "县民政局"
    assert leads(office.campaign)["window_duty"] == "县公安局"


def test_a_path_laid_meanwhile_does_not_shift_what_was_chosen(office, cast):
    stale = opened(office, RECEIVERS) | {"r1_0": str(cast.second_unit.pk)}
    press(office, RECEIVERS, new_kind="process_walkthrough", new_unit="town", new_to=str(cast.unit.pk))
    answer = office.post(RECEIVERS, stale)
    assert answer.status_code == 409
    chosen = {label: fields[0].value() for label, _, fields in answer.context["form"].groups()}
    assert chosen["坐窗口"] == str(cast.second_unit.pk)


def test_a_stale_page_of_units_undoes_nothing_and_keeps_what_was_ticked(office, cast):
    everybody = units_of(office.campaign)
    stale = opened(office, ROSTER) | {"units": [str(pk) for pk in everybody - {cast.unit.pk}]}
    press(office, ROSTER, units=[str(pk) for pk in everybody - {cast.second_unit.pk}])
    answer = office.post(ROSTER, stale)
    # The same person in two windows is not told of somebody else.
    assert (answer.status_code, "您在另一处刚修改了参与单位，本次内容未保存" in answer.text) == (409, True)
    assert "最近保存：您在另一处，" in answer.text
    assert units_of(office.campaign) == everybody - {cast.second_unit.pk}
    ticked = {unit["id"] for unit in answer.context["units"] if unit["ticked"]}
    assert ticked == everybody - {cast.unit.pk}
    again = stale | {name: answer.context["form"].data[name] for name in ("seen", "idempotency_key")}
    assert office.post(ROSTER, again).status_code == 302
    assert units_of(office.campaign) == everybody - {cast.unit.pk}


def test_a_unit_imported_meanwhile_is_not_taken_off_by_a_page_that_did_not_show_it(office, cast):
    late = cast.second_unit
    office.campaign.roster.filter(department=late).delete()
    stale = opened(office, ROSTER) | {"units": [str(pk) for pk in units_of(office.campaign)]}
    extend(campaign=office.campaign, rules=working_version(office.campaign)[1])
    assert office.post(ROSTER, stale).status_code == 409
    assert late.pk in units_of(office.campaign)


@pytest.mark.parametrize("seen", ["", "　", None])
@pytest.mark.parametrize("url", [RECEIVERS, ROSTER])
def test_a_save_that_does_not_say_what_it_was_opened_on_changes_nothing(office, cast, url, seen):
    sent = opened(office, url) | {"seen": seen, "r0_0": str(cast.unit.pk), "units": [str(cast.unit.pk)]}
    before = leads(office.campaign), units_of(office.campaign)
    answer = office.post(url, {name: value for name, value in sent.items() if value is not None})
    assert (answer.status_code, "请重新打开本页后再改" in answer.text) == (400, True)
    assert (leads(office.campaign), units_of(office.campaign)) == before


def test_the_domain_asks_for_it_too(office, cast):
    with pytest.raises(Refused):
        set_receivers(campaign=office.campaign, paths={}, actor=cast.office, seen="")
    with pytest.raises(Refused):
        set_roster(campaign=office.campaign, unit_ids={cast.unit.pk}, actor=cast.office, seen="", today=TODAY.date())
    assert Receiver.objects.filter(campaign=office.campaign).exists()
