"""One submit with photos: the photos are kept before the record's transaction, and only when the record is."""

from collections.abc import Callable, Sequence

from accounts.models import User
from core.exceptions import Refused
from core.idempotency import body_digest, once, seen
from evidence.domain.store import accept_photos, discard
from evidence.domain.upload_validation import Upload
from evidence.models import StoredFile


def submit_once(
    *,
    user: User,
    key: str,
    scope: str,
    content: dict,
    save: Callable[[list[StoredFile]], object],
    uploads: Sequence[Upload] = (),
    field: str = "photos",
) -> tuple[str, bool]:
    """Run ``save(files)`` at most once for (user, key); return (its result as text, True when it ran now).

    Side effects in order: the photos are decoded and kept, outside any transaction (skipped when the key was carried
    out already); ``save`` with the key in one transaction; the photos are discarded when ``save`` did not take them.
    A repeat is recognised by ``content`` alone: a phone that sends again may have shrunk its photos to other bytes.

    Raises Refused at ``field`` for a photo that is not accepted, else what ``save`` or ``core.idempotency.once`` raise.
    """
    digest = body_digest(content)
    files: list[StoredFile] = []
    if uploads and seen(user=user, key=key) is None:
        files = _accepted(uploads, user, field)
    try:
        result, is_new = once(user=user, key=key, scope=scope, digest=digest, act=lambda: save(files))
    except BaseException:
        _discard(files)
        raise
    if not is_new:
        _discard(files)
    return result, is_new


def _accepted(uploads: Sequence[Upload], user: User, field: str) -> list[StoredFile]:
    try:
        return accept_photos(uploads=uploads, actor=user)
    except Refused as error:
        error.fields = {field: error.message}
        raise


def _discard(files: list[StoredFile]) -> None:
    for file in files:
        discard(file=file)
