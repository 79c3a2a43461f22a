"""公开: a published version goes out with a second person, frozen; a correction changes nothing of it."""

import io
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from openpyxl import load_workbook

from accounts.models import Department
from campaigns.models import Campaign, RosterEntry
from core.exceptions import Conflict, IllegalTransition, NotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from issues.models import Issue
from notifications.models import Notice
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.public_sheet import places
from reports.domain.public_sheet.content import public_content
from reports.domain.public_sheet.lifecycle import available, digest_of, is_intact
from reports.domain.public_sheet.queries import places_of_publication
from reports.domain.publishing import is_intact as publication_is_intact
from reports.domain.queries import SYSTEM
from reports.models import Publication, PublicPlace, PublicSheet
from reports.tests.public import RELEASED_AT, asked, published, released, step, switch, third_person, waiting
from tests.database import without_triggers
from walks.models import Walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def out(db):
    """June is published and asked for."""
    return waiting()


def correct(world) -> None:
    """A class set right after the publication: it changes what June says."""
    Issue.objects.filter(pk=world.issues["overdue"].pk).update(category="业务办理")


def place_facts(**given) -> dict:
    facts = {
        "medium": "website",
        "name": "县政府网站",
        "published_on": RELEASED_AT.date(),
        "link": "www.example.gov.cn",
    }
    return facts | given


def test_a_publication_keeps_units_and_items_with_what_was_found_rectified_reduced_and_promised(out):
    """Counted by hand from reports/tests/world.py: ten problems less one merged, four of them closed on 25 June."""
    kept, item = Publication.objects.get(), out.cast.item
    promised = {"days": item.committed_days, "documents": item.documents, "steps": item.steps, "trips": item.trips}
    none = {"found": 0, "rectified": 0, "guide": {}, "effects": []}
    assert kept.public["office"] == out.cast.campaign.office.name
    assert kept.public["units"] == [
        {"unit": "县公安局", "rows": [none | {"item": "户口登记", "found": 1}]},
        {
            "unit": "县民政局",
            "rows": [
                none | {"item": "收养登记"},
                {
                    "item": item.name,
                    "found": 8,
                    "rectified": 4,
                    "guide": {key: number for key, number in promised.items() if number is not None},
                    "effects": [["days", 10, 6], ["days", 58, 35], ["documents", 5, 2]],
                },
            ],
        },
    ]
    assert publication_is_intact(kept)


@pytest.mark.both_databases
def test_it_is_off_until_the_campaign_switches_it_on_and_then_asks_for_a_published_period(world):
    cast = world.cast
    with pytest.raises(Refused, match="没有启用"):
        asked(cast)
    switch(cast)
    with pytest.raises(Refused, match="还没有印发"):
        asked(cast)


def test_once_it_is_switched_off_nothing_is_released(out):
    cast, sheet = out.cast, PublicSheet.objects.get()
    assert (sheet.state, bytes(sheet.page), sheet.digest) == ("asked", b"", "")
    switch(cast, on=False)
    with pytest.raises(Refused, match="没有启用"):
        step(sheet, "release", cast.office_second)


def test_only_the_office_of_the_campaign_asks(out):
    for persona in ("supervisor", "lead", "office_city", "liaison"):
        with pytest.raises(NotAllowed):
            asked(out.cast, actor=out.cast.people[persona])


@pytest.mark.both_databases
def test_a_second_person_releases_and_both_files_are_frozen(out):
    cast = out.cast
    sheet = released(cast)
    assert (sheet.state, sheet.released_by, sheet.version) == ("released", cast.office_second, 2)
    assert is_intact(sheet)
    page = bytes(sheet.page).decode()
    assert "公开日期</dt><dd>2022年6月27日" in page
    assert "<caption>发现问题 9 个，已整改 4 个" in page
    book = load_workbook(io.BytesIO(bytes(sheet.workbook))).active
    rows = [[cell.value for cell in row] for row in book.iter_rows()]
    effects = "减时间10→6个工作日；减时间58→35个工作日；减材料5→2份"
    assert [row[1:6] for row in rows if row[0] in (1, 2, 3)] == [
        ["县公安局", "户口登记", 1, 0, None],
        ["县民政局", "收养登记", 0, 0, None],
        ["县民政局", cast.item.name, 8, 4, effects],
    ]
    assert f"优化成效：{effects}" in page
    assert AuditEntry.objects.get(action="public.released").detail["digest"] == sheet.digest


@pytest.mark.both_databases
def test_a_page_changed_past_the_product_is_named(out, capsys):
    sheet = released(out.cast)
    call_command("verify_audit", "--json")
    for change in ({"page": b"x"}, {"state": "revoked"}):
        with without_triggers("reports_publicsheet"):
            PublicSheet.objects.update(**change)
        with pytest.raises(CommandError, match=str(sheet.public_id)):
            call_command("verify_audit")


def test_neither_who_published_nor_who_asked_releases(out):
    cast, first = out.cast, PublicSheet.objects.get()
    step(first, "decline", cast.office, reason="由另一人申请")
    third_person(cast)
    sheet = asked(cast, actor=cast.office_second)
    for actor in (cast.office, cast.office_second):
        assert [row.action for row in available(actor, sheet)] == ["decline"]
        with pytest.raises(NotAllowed, match="另一人"):
            step(sheet, "release", actor)


def test_what_nobody_would_be_left_to_release_is_not_asked_for(out):
    """Of an office of two, who published asks and the other one releases."""
    cast = out.cast
    step(PublicSheet.objects.get(), "decline", cast.office, reason="由另一人申请")
    with pytest.raises(Refused, match=f"没有申请：.*请由{cast.office}申请、您来审核。"):
        asked(cast, actor=cast.office_second)
    cast.office_second.memberships.update(role="supervisor")
    with pytest.raises(Refused, match="请先为统筹办增加一人"):
        asked(cast)
    assert PublicSheet.objects.count() == 1


def test_the_next_hand_is_told_and_then_who_asked(out):
    cast = out.cast
    sheet = released(cast)
    told = Notice.objects.filter(kind__startswith="public.").order_by("id")
    assert [(one.kind, one.recipient) for one in told] == [
        ("public.asked", cast.office_second),
        ("public.released", cast.office),
    ]
    step(sheet, "revoke", cast.office, reason="数字有误")
    assert Notice.objects.get(kind="public.revoked").recipient == cast.office_second


def test_no_name_of_a_person_is_in_it(out):
    sheet = released(out.cast)
    page = bytes(sheet.page).decode()
    names = {user.name for user in out.cast.people.values()}
    assert not [name for name in names if name in page]
    assert "问题" in page
    assert "希望周六开窗" not in page
    assert "href" not in page.replace('<link rel="stylesheet" href="/static/css/public.css">', "")


def content_today(cast) -> dict:
    campaign = Campaign.objects.select_related("region", "office").get(pk=cast.campaign.pk)
    return public_content(ReportQuery(campaign, period_in(campaign, "2022-06"), RELEASED_AT.date(), SYSTEM))


def test_a_number_typed_into_any_name_is_masked(out):
    cast, number = out.cast, "13812345678"
    for unit, name in ((cast.second_unit, "局"), (cast.office_unit, "办")):
        Department.objects.filter(pk=unit.pk).update(name=f"{name}{number}")
    type(cast.county).objects.filter(pk=cast.county.pk).update(name=f"县{number}")
    Campaign.objects.update(name=f"活动{number}")
    with without_triggers("walks_walk"):
        Walk.objects.filter(department=cast.second_unit).update(item_name=f"事项{number}")
    content, masked = content_today(cast), "138****5678"
    assert [content[key] for key in ("campaign", "region", "office")] == [
        f"{one}{masked}" for one in ("活动", "县", "办")
    ]
    assert (content["units"][0]["unit"], content["units"][0]["rows"][0]["item"]) == (f"局{masked}", f"事项{masked}")


def test_a_unit_that_left_the_list_stands_behind_it_with_what_it_did(out):
    RosterEntry.objects.filter(department=out.cast.second_unit).update(left_on=date(2022, 6, 11))
    assert [unit["unit"] for unit in content_today(out.cast)["units"]] == ["县民政局", "县公安局"]


def test_a_period_with_nothing_to_show_is_not_asked_for(out):
    step(PublicSheet.objects.get(), "decline", out.cast.office, reason="重新申请")
    with without_triggers("reports_publication"):
        Publication.objects.update(public=Publication.objects.get().public | {"units": []})
    with pytest.raises(Refused, match="没有可以公开的体验事项"):
        asked(out.cast)
    assert PublicSheet.objects.count() == 1


def test_the_digest_is_over_content_page_and_workbook():
    given = {"content": {"a": 1}, "page": b"p", "workbook": b"w"}
    others = ({"content": {"a": 2}}, {"page": b"q"}, {"workbook": b"x"})
    assert len({digest_of(**(given | other)) for other in ({}, *others)}) == 4


def test_a_correction_leaves_what_is_public_and_is_asked_for_anew(out):
    cast = out.cast
    sheet = released(cast)
    before = bytes(sheet.page)
    correct(out)
    second = published(cast, reason="分类更正", now=RELEASED_AT)
    assert second.version == 2
    sheet.refresh_from_db()
    assert bytes(sheet.page) == before
    with pytest.raises(StaleVersion, match="第 2 版"):
        asked(cast, seen=1)
    assert asked(cast, seen=2).publication == second


def test_what_a_correction_replaced_is_not_released_any_more(out):
    cast, sheet = out.cast, PublicSheet.objects.get()
    correct(out)
    published(cast, reason="分类更正", now=RELEASED_AT)
    with pytest.raises(Refused, match="更正印发"):
        step(sheet, "release", cast.office_second)
    assert step(sheet, "decline", cast.office, reason="已更正").state == "declined"


@pytest.mark.both_databases
def test_one_version_is_asked_for_once_and_again_after_it_ended(out):
    cast = out.cast
    first = released(cast)
    with pytest.raises(Refused, match="已经公开"):
        asked(cast)
    step(first, "revoke", cast.office, reason="数字有误")
    again = asked(cast)
    assert again.public_id != first.public_id
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicSheet.objects.create(
            publication=again.publication, content={}, asked_by=cast.office, asked_at=RELEASED_AT
        )


def test_what_ends_says_why(out):
    with pytest.raises(Refused, match="原因"):
        step(PublicSheet.objects.get(), "decline", out.cast.office, reason=" ")
    sheet = released(out.cast)
    with pytest.raises(Refused, match="原因"):
        step(sheet, "revoke", out.cast.office, reason=" ")
    step(sheet, "revoke", out.cast.office, reason="数字有误")
    with pytest.raises(IllegalTransition):
        step(sheet, "revoke", out.cast.office, reason="再次")


def test_a_step_upon_an_older_version_is_refused(out):
    cast = out.cast
    sheet = released(cast)
    with pytest.raises(StaleVersion, match="测试office_second"):
        step(sheet, "revoke", cast.office, reason="数字有误", version=1)


def refused(*statements: str) -> None:
    """Each of them by the trigger of its table."""
    for sql in statements:
        with pytest.raises(DatabaseError, match=r"public sheet|what is public|a place"), transaction.atomic():
            connection.cursor().execute(sql)


@pytest.mark.both_databases
def test_neither_what_was_asked_for_nor_what_is_public_changes_past_the_product(out):
    """Not even together with a step."""
    kept = ("content = '{}'", "asked_by_id = NULL", "asked_at = NULL", "publication_id = 0", "public_id = NULL")
    refused("UPDATE reports_publicsheet SET state = 'revoked'")
    refused(*(f"UPDATE reports_publicsheet SET state = 'declined', {change}" for change in kept))
    released(out.cast)
    files = ("page = ''", "workbook = ''", "workbook_name = ''", "digest = ''", "released_by_id = 0")
    refused(*(f"UPDATE reports_publicsheet SET {change}" for change in ("reason = 'x'", "state = 'declined'")))
    changes = (*kept, *files, "released_at = NULL")
    refused(*(f"UPDATE reports_publicsheet SET state = 'revoked', {change}" for change in changes))


@pytest.mark.both_databases
def test_what_was_revoked_does_not_come_back_past_the_product(out):
    step(released(out.cast), "revoke", out.cast.office, reason="数字有误")
    refused("UPDATE reports_publicsheet SET state = 'released'", "DELETE FROM reports_publicsheet")


@pytest.mark.both_databases
def test_office_and_lead_record_where_it_was_made_known(out):
    cast, sheet = out.cast, released(out.cast)
    for actor in (cast.office, cast.lead):
        places.record(sheet=sheet, actor=actor, facts=place_facts(), now=RELEASED_AT)
    for persona in ("supervisor", "liaison", "office_city"):
        with pytest.raises(NotAllowed):
            places.record(sheet=sheet, actor=cast.people[persona], facts=place_facts(), now=RELEASED_AT)
    refused("UPDATE reports_publicplace SET name = 'x'")


def test_a_place_has_a_day_since_the_release(out):
    sheet = released(out.cast)
    for day in (RELEASED_AT.date() - timedelta(days=1), RELEASED_AT.date() + timedelta(days=1)):
        with pytest.raises(Refused, match="公开日期"):
            places.record(sheet=sheet, actor=out.cast.lead, facts=place_facts(published_on=day), now=RELEASED_AT)
    assert not PublicPlace.objects.exists()


def test_nothing_is_recorded_of_what_is_not_public_yet(out):
    sheet = PublicSheet.objects.get()
    with pytest.raises(Refused, match="还没有公开"):
        places.record(sheet=sheet, actor=out.cast.office, facts=place_facts(), now=RELEASED_AT)


@pytest.mark.both_databases
def test_a_wrong_place_is_struck_out_once_with_a_reason(out):
    cast, sheet = out.cast, released(out.cast)
    place = places.record(sheet=sheet, actor=cast.lead, facts=place_facts(), now=RELEASED_AT)
    assert [list(places_of_publication(user, sheet.publication)) for user in (cast.lead, cast.liaison)] == [[place], []]
    with pytest.raises(Refused, match="原因"):
        places.strike(place=place, actor=cast.lead, reason="", now=RELEASED_AT)
    with pytest.raises(NotAllowed):
        places.strike(place=place, actor=cast.supervisor, reason="报纸名称有误", now=RELEASED_AT)
    places.strike(place=place, actor=cast.lead, reason="报纸名称有误", now=RELEASED_AT)
    with pytest.raises(Conflict, match=r"这一条已经划去，由测试lead于 .+ 办理，没有重复办理"):
        places.strike(place=place, actor=cast.office, reason="有误", now=RELEASED_AT)
    assert (place.struck_reason, place.published_on) == ("报纸名称有误", date(2022, 6, 27))
    refused("UPDATE reports_publicplace SET struck_reason = 'x'", "DELETE FROM reports_publicplace")
    audited = AuditEntry.objects.filter(action__startswith="public.").order_by("id")
    assert [(one.action, one.actor_id) for one in audited] == [
        ("public.asked", cast.office.pk),
        ("public.released", cast.office_second.pk),
        ("public.place_recorded", cast.lead.pk),
        ("public.place_struck", cast.lead.pk),
    ]
