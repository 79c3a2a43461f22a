"""Whatever tells a person named on a covert walk of it has left a trace of that walk, of that person, by then."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse

from core.models import AuditEntry
from tests.scale import SOAK, sample_of
from tests.twin.crawl import ask, browser_of, links, some_addresses
from tests.twin.test_twin_world import addresses_of_hidden, moment, person, places
from tests.twin.world import world

__all__ = ["moment", "places"]
pytestmark = pytest.mark.django_db(transaction=True)

NAMED = ("principal", "office_second", "lead_deputy")


def untraced(twin, persona: str, waiting: list[str]) -> tuple[list[str], int]:
    """Of the addresses that wait and the links to a covert walk found there: (answers that showed one or a photo of it
    and left no trace of it, answers that showed one)."""
    user, found, shown = person(persona), [], 0
    browser, keys = browser_of(user), {str(walk.pk) for walk in twin.cleared[persona]}
    photos = {reverse(name, args=[file.pk]) for file in twin.files for name in ("file", "file_thumb")}
    seen: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        before = _last()
        answer = ask(browser, address)
        told = {key for key in keys if answer.status == 200 and key in answer.body.decode(errors="replace")}
        is_picture = answer.status == 200 and address in photos
        noted = set(_since(before, user))
        shown += bool(told) or is_picture
        found += [address] if told - noted or (is_picture and not noted & keys) else []
        waiting += [link for link in links(address, answer) if any(key in link for key in keys)]
    return found, shown


def _last() -> int:
    return AuditEntry.objects.filter(chain="covert").order_by("-seq").values_list("seq", flat=True).first() or 0


def _since(seq: int, user):
    rows = AuditEntry.objects.filter(chain="covert", seq__gt=seq, actor_id=user.pk, action="walk.viewed")
    return rows.values_list("object_key", flat=True)


@pytest.fixture
def every_time():
    """The moment stands still: what was shown a moment ago counts again."""
    with patch("walks.domain.shown.SHOWN_AGAIN", timedelta(seconds=-1)):
        yield


def test_nothing_shows_a_covert_walk_without_a_trace(places, moment, every_time):
    twin = world(secret=True)
    for persona in NAMED if SOAK else sample_of(NAMED, 1, of="traces"):
        # Whatever is drawn, the list of walks is asked.
        asked = [f"{reverse('walks')}?tab=all", *some_addresses(twin.world), *addresses_of_hidden(twin)]
        found, shown = untraced(twin, persona, asked)
        assert not found, f"{persona}: {found}"
        assert shown > (3 if SOAK else 0), persona


def test_without_the_trace_every_page_is_found(places, moment, every_time):
    twin = world(secret=True)
    with patch("walks.domain.shown.note_shown"):
        found, shown = untraced(twin, "principal", addresses_of_hidden(twin))
    assert len(found) == shown > 3
