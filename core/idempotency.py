"""One submit, one record: a key sent twice gives the first answer again."""

import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.datastructures import MultiValueDict

from core.exceptions import OWN, KeyReused, Refused, StaleVersion, is_same_person
from core.models import IdempotencyKey
from core.templatetags.ui import moment

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # AUTH_USER_MODEL; accounts stands above

FIELD = "idempotency_key"
NOT_COMPARED = (FIELD, "csrfmiddlewaretoken")
# The browser keeps a draft, with the key it was sent under, for a week (static/js/draft.js).
KEEP = timedelta(days=30)


def new_key() -> str:
    """A fresh key for a form that is about to be shown."""
    return uuid.uuid4().hex


def body_digest(data: dict) -> str:
    """Digest of what was sent, so that one key cannot stand for two contents."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sent_digest(sent: MultiValueDict[str, str]) -> str:
    """Digest of every field a page sent, but for its key, the token of the session and passwords."""
    kept = {name: values for name, values in sent.lists() if name not in NOT_COMPARED and "password" not in name}
    return body_digest(kept)


def is_carried_out(*, user: "User", key: str, sent: MultiValueDict[str, str]) -> bool:
    """Whether this person's key was used, and for just these fields. Of other ones, sent under the key of a page that
    came back out of the history, ``once`` says that they were not saved."""
    found = IdempotencyKey.objects.filter(user=user, key=key).values_list("sent", flat=True).first()
    return found is not None and found in ("", sent_digest(sent))


def seen(*, user: "User", key: str) -> str | None:
    """The result stored for this person's key, or None. Lets a view skip slow work on a repeat."""
    return IdempotencyKey.objects.filter(user=user, key=key).values_list("result", flat=True).first()


def once(
    *, user: "User", key: str, scope: str, digest: str, act: Callable[[], object], sent: str = ""
) -> tuple[str, bool]:
    """Run ``act`` at most once for (user, key); return (its result as text, True when it ran now).

    The key row and everything ``act`` writes share one transaction: either both exist or neither does, so a crash
    between them cannot lose or double a record. ``act`` returns the public id of what it made. ``sent``:
    ``sent_digest`` of a form.

    Raises KeyReused when the key was used before with another scope or content, Refused when it is missing or too long.
    """
    if not key or len(key) > 64:
        raise Refused("页面已过期，内容未提交。请刷新页面后重新提交，已填写的内容会保留。", rule="idempotency_key")
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(user=user, key=key, scope=scope, digest=digest, sent=sent)
            result = str(act())
            IdempotencyKey.objects.filter(pk=row.pk).update(result=result)
            return result, True
    except StaleVersion as error:
        _say_who(error, user, scope)
        raise
    except IntegrityError:
        earlier = IdempotencyKey.objects.filter(user=user, key=key).first()
        if earlier is None:
            raise
    if earlier.scope != scope or earlier.digest != digest:
        raise KeyReused("同一提交标识已用于另一份内容，本次内容未保存。请刷新页面后重新提交。", rule="idempotency_key")
    return earlier.result, False


def purge_keys(now: datetime) -> int:
    """Delete the keys of submits older than KEEP; how many went. The records they made stay."""
    return IdempotencyKey.objects.filter(created_at__lt=now - KEEP).delete()[0]


def _say_who(error: StaleVersion, user: "User", scope: str) -> None:
    """Say to ``user`` who was first: where the raiser does not know, whoever carried out ``scope`` last. Whoever saved
    the record since, in another form, is not passed over for it, and a message that names somebody is left alone: the
    last to send this form need not be the one."""
    if error.named:
        error.message = error.words_for(user)
        return
    row = IdempotencyKey.objects.filter(scope=scope).select_related("user").order_by("-created_at", "-id").first()
    submit = (row.user, row.created_at) if row else None
    if submit and (error.saved is None or is_same_person(error.saved[0], submit[0])):
        error.by = error.by or submit[0]
    error.message = error.words_for(user)
    if saved := error.saved or submit:
        who, at = saved
        error.last = f"{OWN if is_same_person(who, user) else who}，{moment(at)}"
