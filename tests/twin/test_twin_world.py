"""A covert walk does not exist for anyone not named on it: two worlds, equal byte by byte and query by query.

trust.md B1 to B4. First it is shown that the people named do see it, else the comparison would prove nothing.
"""

import shutil
import tempfile

import pytest
import time_machine

from accounts.models import User
from core import audit
from core.models import AuditEntry
from notifications.models import Notice
from tests.twin.crawl import CANARY, crawl, differences
from tests.twin.world import MOMENT, build

pytestmark = pytest.mark.django_db(transaction=True)

STRANGERS = (
    "deputy",
    "liaison",
    "responsible",
    "second_liaison",
    "namesake",
    "lead",
    "office",
    "office_other_county",
    "office_city",
    "supervisor",
    "sysadmin",
    "secadmin",
    "auditor",
)


@pytest.fixture
def places(settings):
    folder = tempfile.mkdtemp(prefix="wt-twin-")
    settings.MEDIA_ROOT = settings.JOBS_ROOT = folder
    yield
    shutil.rmtree(folder)


@pytest.fixture
def moment():
    with time_machine.travel(MOMENT, tick=False):
        yield


def seen_by_those_named(twin) -> None:
    for persona, walks in twin.cleared.items():
        user = User.objects.get(username=persona)
        pages = crawl(user, twin.world, only="/walks/")
        told = b"".join(answer.body for answer in pages.values()).decode(errors="replace")
        for walk in walks:
            assert str(walk.pk) in told, f"{persona} cannot find the walk"
        assert CANARY in told or "寻常事项" in told


def tell(persona: str, twin, **options):
    return crawl(User.objects.get(username=persona), twin.world, **options)


def test_a_covert_walk_changes_nothing_for_those_not_named(places, moment):
    plain = build(secret=False)
    before = {persona: tell(persona, plain) for persona in STRANGERS}
    numbers = next_number(plain)
    secret = build(secret=True)
    seen_by_those_named(secret)
    after = {persona: tell(persona, secret) for persona in STRANGERS}
    told = [f"{persona} {line}" for persona in STRANGERS for line in differences(before[persona], after[persona])]
    assert not told, "\n".join(told)
    assert min(len(answers) for answers in before.values()) > 50
    assert next_number(secret) == numbers
    for answers in after.values():
        assert not any(CANARY.encode() in answer.body and b"q=" not in answer.body for answer in answers.values())


def next_number(twin) -> str:
    """The number the next reported problem gets."""
    sequence = twin.cast.campaign.number_sequence
    sequence.refresh_from_db()
    return f"{twin.cast.campaign.code}-{sequence.next_value}"


def test_only_those_named_are_told_and_the_open_audit_is_silent(places, moment):
    twin = build(secret=True)
    hidden = {str(walk.pk) for walks in twin.cleared.values() for walk in walks}
    assert set(AuditEntry.objects.filter(chain="sealed").values_list("action", flat=True)) == {"session.signed"}
    crawl(twin.cast.office_second, twin.world, only="/walks/")
    assert AuditEntry.objects.filter(chain="sealed", action="session.viewed", object_key__in=hidden).exists()
    assert not AuditEntry.objects.filter(chain="open", object_key__in=hidden).exists()
    assert not Notice.objects.filter(text__contains="寻常事项").exists()
    assert audit.verify().ok
