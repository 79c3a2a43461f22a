"""Two worlds that are equal but for covert walks: the same builders, at the same frozen moment, with the same ids."""

import pickle
import random
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from unittest.mock import patch

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from accounts.models import Membership, User
from campaigns.enums import DelegationReason
from catalogue.models import ServiceItem
from core.exceptions import Refused
from core.text import search_text
from evidence.domain.store import accept_photo
from issues.domain import intake, lifecycle
from issues.domain.lookback import lifecycle as look_backs
from issues.models import Issue
from tests.access.world import World, build_world, photo
from tests.cast import NOON, TZ, Cast, issue_in
from walks.domain import covert_planning, opening
from walks.domain import lifecycle as walk_lifecycle
from walks.domain.shown import walks_shown_to
from walks.domain.start_options import Opening
from walks.models import Walk

MOMENT = datetime(2022, 6, 9, 9, 30, tzinfo=TZ)
DAY = date(2022, 6, 15)
# Words nobody who is not named may ever read.
CANARY = "暗访金丝雀"


@dataclass
class Twin:
    """``cleared``: persona → the covert walks known to that person; empty in the world without them.

    ``files`` of those walks, and what of theirs has an address: (route, arguments).
    """

    world: World
    cleared: dict[str, list[Walk]] = field(default_factory=dict)
    files: list = field(default_factory=list)

    @property
    def cast(self) -> Cast:
        return self.world.cast


class Ids:
    """Random ids that are the same in both worlds; those of covert walks come from a source of their own."""

    def __init__(self):
        self.open, self.secret = random.Random(20220609), random.Random(18)
        self.source = self.open

    def __call__(self) -> uuid.UUID:
        return uuid.UUID(int=self.source.getrandbits(128), version=4)

    @contextmanager
    def hidden(self) -> Iterator[None]:
        self.source = self.secret
        yield
        self.source = self.open


@contextmanager
def same_ids() -> Iterator[Ids]:
    """Within, whatever a model fills with a random id comes from ``Ids``."""
    ids = Ids()
    with ExitStack() as stack:
        for model in apps.get_models():
            for one in model._meta.local_fields:
                if isinstance(one, models.UUIDField) and one.default is uuid.uuid4:
                    stack.enter_context(patch.dict(one.__dict__, {"_get_default": ids}))
        yield ids


@dataclass
class Kept:
    """A world as it was built: the object, a copy of the database, and the folder with a copy of its files."""

    twin: bytes
    database: sqlite3.Connection
    files: tempfile.TemporaryDirectory


_BUILT: dict[bool, Kept] = {}


def world(*, secret: bool) -> Twin:
    """What ``build`` makes. On SQLite it is built once in a process; after that database and files are copied back.
    On PostgreSQL no test of a run needs a world twice."""
    if connection.vendor != "sqlite":
        return build(secret=secret)
    kept = _BUILT.get(secret)
    if kept is None:
        twin = build(secret=secret)
        kept = _BUILT[secret] = Kept(pickle.dumps(twin), sqlite3.connect(":memory:"), tempfile.TemporaryDirectory())
        connection.connection.backup(kept.database)
        shutil.copytree(settings.MEDIA_ROOT, kept.files.name, dirs_exist_ok=True)
    else:
        connection.ensure_connection()
        kept.database.backup(connection.connection)
        shutil.copytree(kept.files.name, settings.MEDIA_ROOT, dirs_exist_ok=True)
    return pickle.loads(kept.twin)


def build(*, secret: bool) -> Twin:
    """A fresh database with the access world in it; with ``secret`` covert walks besides, before anything else happens
    and again in the middle, so that every running number they took leaves a gap in what follows.

    Of the first two one is on the walker's own windows, begun, with a photo and a problem; one on the lead unit's. The
    deputy of the lead unit plans one at home, which its principal knows nothing of. In the middle the second is walked,
    recorded and signed, and a third of the principal is begun. One more is released in both worlds: the auditor reads
    of it between entries about the others.
    """
    call_command("flush", interactive=False, verbosity=0)
    twin = Twin(World(Cast()))
    with same_ids() as ids:

        def before(cast: Cast) -> None:
            _people(cast)
            if secret:
                with ids.hidden():
                    _plan_and_begin(cast, twin)
            _change_places(cast)

        def between(cast: Cast) -> None:
            _released(cast)
            if secret:
                with ids.hidden():
                    _sign_one_and_begin_another(cast, twin)

        twin.world = build_world(before=before, between=between)
    return twin


def _people(cast: Cast) -> None:
    """The leaders of the lead unit, and two people who belong to it at one time only."""
    for persona, name, unit, role in (
        ("lead_principal", "测试局长二", cast.lead_unit, Role.PRINCIPAL),
        ("lead_deputy", "测试副局长二", cast.lead_unit, Role.DEPUTY),
        ("comes", "测试后来者", cast.unit, Role.LIAISON),
        ("goes", "测试离任者", cast.unit, Role.LIAISON),
    ):
        cast.people[persona] = User.objects.create(username=persona, name=name)
        grant_membership(user=cast.people[persona], department=unit, role=role)
    grant_membership(user=cast.goes, department=cast.lead_unit, role=Role.RESPONSIBLE)
    _item(cast.unit, 1)
    _item(cast.lead_unit, 2)


def _change_places(cast: Cast) -> None:
    """One joins the lead unit after having been named, one leaves it after having been refused."""
    grant_membership(user=cast.comes, department=cast.lead_unit, role=Role.RESPONSIBLE)
    Membership.objects.filter(user=cast.goes, department=cast.lead_unit).delete()


def _item(unit, number: int) -> None:
    name = f"寻常事项{number}"
    ServiceItem.objects.create(department=unit, name=name, search_text=search_text(name))


def _plan_and_begin(cast: Cast, twin: Twin) -> None:
    own, foreign = ServiceItem.objects.filter(name__startswith="寻常事项").order_by("name")
    first = _plan(cast.principal, cast, cast.unit, own, [cast.office_second.pk])
    second = _plan(cast.principal, cast, cast.unit, foreign, [cast.office_second.pk, cast.comes.pk])
    third = _plan(cast.lead_deputy, cast, cast.lead_unit, foreign, [], delegation_reason=DelegationReason.MANY_ITEMS)
    here = [Opening(cast.campaign, cast.unit, True)]
    with suppress(Refused):
        goes = [one for one in covert_planning.readers_offered(cast.principal, here) if one.user_id == cast.goes.pk]
        covert_planning.name_readers(walk=second, named=goes, actor=cast.principal, now=MOMENT)
    step, file = _step(first, cast.principal)
    intake.capture(walk=first, actor=cast.principal, description=CANARY, stage="consult", step=step, now=MOMENT)
    intake.add_need(walk=first, actor=cast.principal, subject="firm", content=CANARY)
    twin.cleared |= {"principal": [first, second], "office_second": [first, second], "lead_deputy": [third]}
    twin.files.append(file)


def _sign_one_and_begin_another(cast: Cast, twin: Twin) -> None:
    _, second = twin.cleared["principal"]
    _, file = _step(second, cast.principal)
    walk_lifecycle.write_facts(walk=second, actor=cast.principal, facts={"zero_explained": CANARY})
    _finish(second, cast)
    another = _plan(cast.principal, cast, cast.unit, cast.item, [])
    step, _ = _step(another, cast.principal)
    # Told like the problems of the ledger, with the photo by which one of them is to be struck off.
    alike, proof = f"窗口未一次性告知1{CANARY}", accept_photo(upload=photo(), actor=cast.principal)
    intake.capture(
        walk=another, actor=cast.principal, description=alike, stage="consult", step=step, files=[proof], now=MOMENT
    )
    twin.cleared["principal"] += [another, _look_back(cast)]
    twin.files.append(file)


def _look_back(cast: Cast) -> Walk:
    """A covert walk that looks back on an issue struck off in May, with its verdict."""
    walk = _plan(cast.principal, cast, cast.unit, cast.item, [])
    issue = Issue.objects.filter(region=cast.county, state="closed", look_backs=None).earliest("id")
    bound = look_backs.bind(issue=issue, walk=walk, actor=cast.principal, now=MOMENT)
    _step(walk, cast.principal)
    walk.refresh_from_db()
    bound.walk = walk
    verdict = {"verdict": "pass", "finding": CANARY}
    look_backs.perform(look_back=bound, action="judge", actor=cast.principal, data=verdict, now=MOMENT)
    return walk


def _released(cast: Cast) -> None:
    walk = _plan(cast.principal, cast, cast.unit, cast.item, [cast.office.pk], place="县政务大厅")
    _step(walk, cast.principal, note="顺畅")
    walk_lifecycle.write_facts(walk=walk, actor=cast.principal, facts={"zero_explained": "全程顺畅"})
    walks_shown_to(cast.office).get(pk=walk.pk)
    _finish(walk, cast)
    intake.report_walk(walk=walk, actor=cast.principal, now=MOMENT)
    proved = {"result": "已改", "files": [accept_photo(upload=photo(), actor=cast.responsible)]}
    issue = issue_in(cast, "rectifying", now=MOMENT)
    lifecycle.perform(issue=issue, action="request_closing", actor=cast.responsible, data=proved, now=MOMENT)


def _plan(walker, cast: Cast, unit, item, readers: list[int], place: str = CANARY, **facts) -> Walk:
    draft = opening.WalkDraft(
        campaign=cast.campaign, department_id=unit.pk, item=item, mode="in_person", place=place, **facts
    )
    return opening.plan_covert(draft, actor=walker, planned_on=DAY, named=readers, now=NOON)


def _step(walk: Walk, walker, note: str = CANARY):
    """The walk is begun and has a step with a photo: (step, file)."""
    walk_lifecycle.perform(walk=walk, action="begin", actor=walker, now=MOMENT - timedelta(minutes=30))
    file = accept_photo(upload=photo(), actor=walker)
    facts = {"stage": "consult", "note": note, "happened_at": MOMENT, "files": [file]}
    return walk_lifecycle.add_step(walk=walk, actor=walker, **facts), file


def _finish(walk: Walk, cast: Cast) -> None:
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.principal, now=MOMENT)
    intake.sign_walk(walk=walk, actor=cast.principal, now=MOMENT)
