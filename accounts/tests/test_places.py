"""区域: added as lines, renamed, moved below another; what is seen from above follows."""

import pytest

from accounts.domain.places import token_of_place
from accounts.models import Region
from accounts.scope import scope_of
from core.idempotency import new_key
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


def press(client, cast, url, **data):
    client.force_login(cast.sysadmin, backend="django.contrib.auth.backends.ModelBackend")
    return client.post(url, {"idempotency_key": new_key(), **data})


def move(client, cast, region, **data):
    sent = {"name": region.name, "level": region.level, "parent": region.parent_id or ""}
    return press(client, cast, f"/units/places/{region.pk}/", **{**sent, "seen": token_of_place(region), **data})


def regions_read_by(user) -> set[str]:
    user.__dict__.pop("_scope", None)
    return set(Region.objects.filter(pk__in=scope_of(user).read_regions).values_list("name", flat=True))


def test_regions_are_added_below_those_that_exist(client, cast):
    assert press(client, cast, "/units/places/", places="云岭市 > 青禾县 > 城关镇").status_code == 302
    town = Region.objects.get(name="城关镇")
    assert (town.parent, town.level, Region.objects.count()) == (cast.county, "town", 4)
    assert regions_read_by(cast.office) == {"青禾县", "城关镇"}
    assert press(client, cast, "/units/places/", places="云岭市 > 青禾县 > 青禾县").status_code == 400


def test_a_region_that_moves_is_seen_from_its_new_parent_alone(client, cast):
    other = Region.objects.create(name="江南市", level="city")
    assert move(client, cast, cast.county, parent=other.pk).status_code == 302
    assert regions_read_by(cast.office_city) == {"云岭市", "白石县"}
    assert AuditEntry.objects.get(action="place.changed").detail["after"] == "江南市/青禾县"
    stale = move(client, cast, cast.county, name="青禾区")
    assert (stale.status_code, Region.objects.get(pk=cast.county.pk).name) == (409, "青禾县")


@pytest.mark.parametrize(
    ("sent", "word"),
    [({"parent": "own"}, "没有这一选项"), ({"name": "白石县"}, "已有这个名称"), ({"name": ""}, "填写名称")],
)
def test_what_makes_no_tree_is_refused(client, cast, sent, word):
    if sent.get("parent"):
        sent = {"parent": cast.county.pk}
    answer = move(client, cast, cast.county, **sent)
    assert (answer.status_code, word in answer.text) == (400, True)


def test_no_region_stands_below_itself(client, cast):
    answer = move(client, cast, cast.city, parent=cast.county.pk)
    assert (answer.status_code, "它的下级" in answer.text) == (400, True)
