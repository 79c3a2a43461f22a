"""Two worlds that are equal but for covert walks: the same builders, at the same frozen moment, with the same ids."""

import random
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from unittest.mock import patch

from django.apps import apps
from django.core.management import call_command
from django.db import models

from accounts.domain.people import grant_membership
from accounts.enums import Role
from accounts.models import User
from campaigns.domain import opening, sessions
from campaigns.models import Session
from catalogue.models import ServiceItem
from core.text import search_text
from evidence.domain.store import accept_photo
from issues.domain import intake
from tests.access.world import World, build_world, photo
from tests.cast import NOON, TZ, Cast

MOMENT = datetime(2022, 6, 9, 9, 30, tzinfo=TZ)
DAY = date(2022, 6, 15)
# Words nobody who is not named may ever read.
CANARY = "暗访金丝雀"


@dataclass
class Twin:
    """``cleared``: persona → the covert walks known to that person; empty in the world without them."""

    world: World
    cleared: dict[str, list[Session]] = field(default_factory=dict)

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
    """Within, every model with a random key takes it from ``Ids``."""
    ids = Ids()
    with ExitStack() as stack:
        for model in apps.get_models():
            if isinstance(model._meta.pk, models.UUIDField):
                stack.enter_context(patch.dict(model._meta.pk.__dict__, {"_get_default": ids}))
        yield ids


def build(*, secret: bool) -> Twin:
    """A fresh database with the access world in it; with ``secret`` three covert walks besides.

    One is planned on the walker's own windows before anything else happens, one on the lead unit's, and one by the head
    of the lead unit on its own. Then all else happens; after it the first has begun, with a step, a photo and a
    problem, and the second has been walked, recorded and signed.
    """
    call_command("flush", interactive=False, verbosity=0)
    known: dict[str, list[Session]] = {}
    with same_ids() as ids:
        world = build_world(before=lambda cast: _prepare(cast, known, ids, secret=secret))
        if secret:
            with ids.hidden():
                _walk(*known["principal"], world.cast.principal)
    return Twin(world, known)


def _prepare(cast: Cast, known: dict, ids: Ids, *, secret: bool) -> None:
    boss = User.objects.create(username="lead_boss", name="测试局长二")
    grant_membership(user=boss, department=cast.lead_unit, role=Role.PRINCIPAL)
    cast.people["lead_boss"] = boss
    own, foreign = _item(cast.unit, 1), _item(cast.lead_unit, 2)
    if not secret:
        return
    with ids.hidden():
        readers = [cast.office_second.pk]
        first = _plan(cast.principal, cast, cast.unit, own, readers)
        second = _plan(cast.principal, cast, cast.unit, foreign, readers)
        third = _plan(boss, cast, cast.lead_unit, foreign, [])
    known |= {"principal": [first, second], "office_second": [first, second], "lead_boss": [third]}


def _item(unit, number: int) -> ServiceItem:
    name = f"寻常事项{number}"
    return ServiceItem.objects.create(department=unit, name=name, search_text=search_text(name))


def _plan(walker, cast: Cast, unit, item, readers: list[int]) -> Session:
    return opening.plan_sealed(
        actor=walker,
        campaign=cast.campaign,
        department_id=unit.pk,
        item=item,
        mode="in_person",
        planned_on=DAY,
        place=CANARY,
        named=readers,
        now=NOON,
    )


def _walk(first: Session, second: Session, walker) -> None:
    for session in (first, second):
        sessions.begin(session=session, actor=walker, now=MOMENT - timedelta(minutes=30))
        file = accept_photo(upload=photo(), actor=walker)
        step = sessions.add_step(
            session=session, actor=walker, stage="consult", note=CANARY, happened_at=MOMENT, files=[file]
        )
    intake.capture(session=first, actor=walker, description=CANARY, stage="consult", step=step, now=MOMENT)
    sessions.write_facts(session=second, actor=walker, facts={"zero_explained": CANARY})
    second.refresh_from_db()
    intake.record_session(session=second, actor=walker, now=MOMENT)
    intake.sign_session(session=second, actor=walker, now=MOMENT)
