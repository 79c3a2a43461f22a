"""What a walk shows stays as it was when the walk began, whatever becomes of the catalogue and the list of units."""

import pytest
from django.urls import reverse

from accounts.models import Department, User
from catalogue.models import ServiceItem
from issues.domain import intake
from tests.cast import do_components, open_walk, reported_walk


def everything_is_renamed(cast) -> None:
    for item in ServiceItem.objects.all():
        ServiceItem.objects.filter(pk=item.pk).update(name=f"改后{item.pk}")
    ServiceItem.objects.filter(pk=cast.item.pk).update(committed_days=90, documents=91, steps=92, trips=93)
    for unit in Department.objects.all():
        Department.objects.filter(pk=unit.pk).update(name=f"改后{unit.pk}")
    User.objects.update(name="改后姓名")


def sheet(client, walk) -> str:
    """The walk's page from its title to the history of acts."""
    text = client.get(reverse("walk", args=[walk.pk])).text
    return text[text.index("<main") : text.index("本次体验的经过")]


def test_a_signed_sheet_is_the_same_after_units_items_and_people_were_renamed(client, cast):
    walk, _ = reported_walk(cast, proposed=cast.second_unit, with_components=True)
    client.force_login(cast.supervisor)
    before = sheet(client, walk)
    for words in ("结婚登记", "承诺 1 个工作日", "县民政局", "县公安局", "测试principal", "离婚登记"):
        assert words in before
    everything_is_renamed(cast)
    assert "改后" not in sheet(client, walk)


def test_lists_show_what_the_sheet_shows(client, cast):
    reported_walk(cast)
    everything_is_renamed(cast)
    client.force_login(cast.supervisor)
    page = client.get(reverse("walks"), {"tab": "all"}).text
    assert "结婚登记" in page
    assert "县民政局" in page
    assert "改后" not in page.split("<main")[1].split("<tbody")[-1]


def test_the_figures_promised_are_those_of_the_day_the_walk_began(client, cast):
    walk = open_walk(cast)
    ServiceItem.objects.filter(pk=cast.item.pk).update(committed_days=90)
    client.force_login(cast.liaison)
    page = client.get(reverse("walk_complete", args=[walk.pk])).text
    assert "办事指南承诺 1 个工作日" in page
    assert "90 个工作日" not in page


@pytest.mark.both_databases
def test_the_digest_of_a_signature_does_not_follow_the_catalogue(cast):
    walk = open_walk(cast)
    do_components(cast, walk)
    before = intake.content_digest(walk)
    everything_is_renamed(cast)
    walk.refresh_from_db()
    assert intake.content_digest(walk) == before
