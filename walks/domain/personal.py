"""The personal data a walk keeps: who was called back or took part. It stands in ``StepPerson`` alone and can be erased
there without touching what was signed (docs/trust.md B8)."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import audit
from core.exceptions import Refused
from core.text import mask_phone
from walks.models import Step, StepPerson, Walk

ERASED = "walk.person_erased"


def digest_of_person(salt: str, name: str, phone: str) -> str:
    """What a signature covers of a person: a digest that tells nothing once the salt is erased."""
    return audit.digest([salt, name, phone])


def note(step: Step, *, name: str, phone: str) -> None:
    """Keep the person of a step of an open walk; the phone number is masked before it is stored.

    Side effects: the row of the person; ``step.person_digest``, which the caller saves.
    """
    # What is masked already would lose its last digits too.
    phone = phone if "*" in phone else mask_phone(phone)
    if (name, phone) == (step.person, step.phone):
        return
    salt = secrets.token_hex(16)
    facts = {"name": name, "phone": phone, "salt": salt, "erased_at": None}
    step.personal, _ = StepPerson.objects.update_or_create(step=step, defaults=facts)
    step.person_digest = digest_of_person(salt, name, phone)


@transaction.atomic
def erase(*, step: Step, actor: User, reason: str, now: datetime | None = None) -> None:
    """Erase the person of one step, in whatever state the walk is; what was signed and its digest stay as they are.

    Side effects in order: the row is emptied; an audit entry with the reason. Raises Refused without a reason, and when
    there is nothing to erase.
    """
    if not reason.strip():
        raise Refused("请写明清除个人信息的原因。", fields={"reason": "请写明清除原因"})
    held = StepPerson.objects.filter(step=step, erased_at=None)
    if not held.update(name="", phone="", salt="", erased_at=now or timezone.now()):
        raise Refused("这条记录没有可清除的个人信息，或已经清除，没有改动。", rule="person.erased")
    audit.record(
        actor=actor,
        action=ERASED,
        object_type="walk",
        object_key=step.walk_id,
        detail={"record": str(step.public_id), "reason": reason.strip()},
        covert=step.walk.is_hidden,
    )


@transaction.atomic
def erase_of_walk(*, walk: Walk, actor: User, reason: str, name: str = "", now: datetime | None = None) -> int:
    """Erase every person noted on a walk, or those of that name; how many records (条) were erased, all or none.

    Side effects and errors as ``erase``; Refused too when nobody of that name stands on the walk any more.
    """
    held = Step.objects.filter(walk=walk, personal__isnull=False, personal__erased_at=None)
    steps = list(held.filter(personal__name=name) if name else held)
    if not steps:
        whose = f"“{name}”的" if name else ""
        raise Refused(f"这次体验没有可清除的{whose}个人信息，或已经清除，没有改动。", rule="person.erased")
    for step in steps:
        erase(step=step, actor=actor, reason=reason, now=now)
    return len(steps)
