"""A covert walk does not exist for anyone not named on it: two worlds, equal byte by byte and query by query.

docs/trust.md B1 to B4. First it is shown that the people named do see it, else the comparison would prove nothing.
"""

import shutil
import tempfile

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from accounts.models import User
from core import audit
from core.models import AuditEntry
from notifications.models import Notice
from reports.documents.walk_papers import WALK_PAPERS
from tests.cast import reported_walk
from tests.scale import SOAK, sample_of
from tests.twin.crawl import CANARY, crawl, differences, some_addresses
from tests.twin.world import MOMENT, world
from tests.twin.wrong import send_all

pytestmark = pytest.mark.django_db(transaction=True)

# In `make soak` a group a test, so that they can be shared out.
STRANGERS = {
    "unit": ("deputy", "liaison", "responsible", "comes", "goes", "second_liaison"),
    "lead": ("lead", "lead_principal", "supervisor", "namesake", "auditor"),
    "office": ("office", "office_city", "office_other_county", "sysadmin", "secadmin", "anonymous"),
}
SENDERS = ("anonymous", "liaison", "comes", "lead", "lead_principal", "office", "auditor")
NAMED = ("principal", "office_second", "lead_deputy")
# Covert walks enter no figure, not even for those who know of them.
FIGURES = ("/board/", "/coverage/", "/reports/")
OF_A_WALK = (
    "walk",
    "walk_step_add",
    "walk_problem_add",
    "walk_need_add",
    "walk_complete",
    "walk_waiting",
    "walk_begin",
    "walk_postpone",
    "walk_readers",
    "walk_look_back_add",
    "api-walk-detail",
)


@pytest.fixture
def places(settings):
    folder = tempfile.mkdtemp(prefix="wt-twin-")
    settings.MEDIA_ROOT = settings.JOBS_ROOT = folder
    yield
    shutil.rmtree(folder)


@pytest.fixture
def moment(client):
    with time_machine.travel(MOMENT, tick=False):
        # A process looks at its tables once: the first who asks would be told by more queries.
        client.get("/readyz")
        yield


def person(name: str) -> User | None:
    return User.objects.filter(username=name).first()


def seen_by_those_named(twin) -> None:
    for persona, walks in twin.cleared.items():
        # Not what leaves an entry in the open audit, which the other world would not have.
        pages = crawl(person(persona), twin.world, only="/walks/", but="/export/")
        told = b"".join(answer.body for answer in pages.values()).decode(errors="replace")
        for walk in walks:
            assert str(walk.pk) in told, f"{persona} cannot find the walk"
        assert CANARY in told or "寻常事项" in told


def tell(persona: str, twin, **options):
    return crawl(person(persona), twin.world, **options)


def addresses_of_hidden(twin) -> list[str]:
    """What leads to the covert walks: in the other world ids that nobody ever gave."""
    walks = twin.cleared["principal"][:2]
    found = [reverse(name, args=[walk.pk]) for walk in walks for name in OF_A_WALK]
    for walk in walks:
        found += [reverse("walk_act", args=[walk.pk, "cancel"])]
        found += [reverse("walk_paper", args=[walk.pk, kind]) for kind in WALK_PAPERS]
        found += [reverse("walk_step_edit", args=[walk.pk, step.public_id]) for step in walk.steps.all()]
        found += [reverse("walk_problem", args=[walk.pk, issue.public_id]) for issue in walk.issues.all()]
    bound = twin.cleared["principal"][-1]
    found += [reverse("walk_look_back", args=[bound.pk, one.public_id, "judge"]) for one in bound.look_backs.all()]
    return found + [reverse(name, args=[file.pk]) for file in twin.files for name in ("file", "file_thumb")]


def gather(twin, personas, hidden: list[str]) -> dict:
    """Everything the strangers are answered, first by GET and then by POST."""
    among = some_addresses(twin.world)
    told = {persona: tell(persona, twin, also=hidden, among=among) for persona in personas}
    sent = {f"{name} sends": send_all(person(name), twin.world, hidden) for name in personas if name in SENDERS}
    return told | sent


def figures(twin) -> dict:
    """What those named read of figures; in ``make test`` one of them, drawn by the seed: every paper is written."""
    found = {}
    for persona in NAMED if SOAK else sample_of(NAMED, 1, of="figures"):
        pages = [tell(persona, twin, only=part, among=some_addresses(twin.world)) for part in FIGURES]
        found[f"figures of {persona}"] = {address: answer for page in pages for address, answer in page.items()}
    return found


def next_number(twin) -> str:
    """The number a problem of the walk reported next is given."""
    _, [issue] = reported_walk(twin.cast)
    return issue.number


def sample() -> dict[str, tuple[str, ...]]:
    """One stranger on each database, others with each seed."""
    drawn = tuple(name for names in STRANGERS.values() for name in names)
    return {"sample": sample_of(drawn, 1, of=connection.vendor)}


GROUPS = STRANGERS if SOAK else sample()


@pytest.mark.both_databases
@pytest.mark.parametrize("group", GROUPS)
def test_a_covert_walk_changes_nothing_for_those_not_named(places, moment, group):
    secret = world(secret=True)
    seen_by_those_named(secret)
    hidden = addresses_of_hidden(secret)
    after, number = gather(secret, GROUPS[group], hidden), next_number(secret)
    plain = world(secret=False)
    before = gather(plain, GROUPS[group], hidden)
    told = [f"{persona} {line}" for persona in before for line in differences(before[persona], after[persona])]
    assert not told, "\n".join(told)
    assert next_number(plain) == number
    for persona in before:
        assert len(before[persona]) > 80, persona
    for address, answer in [pair for answers in after.values() for pair in answers.items()]:
        assert CANARY.encode() not in answer.body or "q=" in address, address


def test_covert_walks_enter_no_figure_not_even_for_those_named(places, moment):
    secret = figures(world(secret=True))
    plain = figures(world(secret=False))
    told = [f"{persona} {line}" for persona in plain for line in differences(plain[persona], secret[persona])]
    assert not told, "\n".join(told)
    assert all(len(pages) > len(FIGURES) for pages in plain.values())


def test_only_those_named_are_told_and_the_open_audit_is_silent(places, moment):
    twin = world(secret=True)
    hidden = {str(walk.pk) for walks in twin.cleared.values() for walk in walks}
    covert = AuditEntry.objects.filter(chain="covert", object_key__in=hidden)
    told = {"walk.signed", "walk.look_back_bound", "walk.look_back_judge"}
    assert set(covert.values_list("action", flat=True)) == told
    crawl(twin.cast.office_second, twin.world, only="/walks/")
    assert covert.filter(action="walk.viewed").exists()
    assert not AuditEntry.objects.filter(chain="open", object_key__in=hidden).exists()
    assert not Notice.objects.filter(text__contains="寻常事项").exists()
    assert audit.verify().ok
