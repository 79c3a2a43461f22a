"""One submit with photos: the photos are kept before the record's transaction, and only when the record is."""

from collections.abc import Callable, Sequence

from accounts.models import User
from core.exceptions import KeyReused, Refused, StaleVersion
from core.idempotency import body_digest, once, seen
from evidence.domain import waiting
from evidence.domain.store import accept_photos, discard
from evidence.domain.upload_validation import Upload
from evidence.models import StoredFile

# The rule of a photo of an earlier try that cannot be used any more.
UNUSABLE = "photo_kept"


def submit_once(
    *,
    user: User,
    key: str,
    scope: str,
    content: dict,
    sent: str = "",
    save: Callable[[list[StoredFile]], object],
    uploads: Sequence[Upload | StoredFile] = (),
    field: str = "photos",
    on_refusal: Callable[[list[StoredFile]], None] | None = None,
) -> tuple[str, bool]:
    """Run ``save(files)`` at most once for (user, key); return (its result as text, True when it ran now).

    Side effects in order: the photos are decoded and kept, outside any transaction (skipped when the key was carried
    out already); ``save`` with the key in one transaction; the photos are discarded when ``save`` did not take them.
    A photo of ``uploads`` that an earlier try has kept is not kept again. ``on_refusal`` is given the photos instead
    when the form is shown again (Refused, KeyReused, StaleVersion): they wait for the next try.

    A repeat is recognised by ``content`` alone: a phone that sends again may have shrunk its photos to other bytes.
    ``sent`` is kept beside it (``core.idempotency.once``).

    Raises Refused at ``field`` for a photo that is not accepted, else what ``save`` or ``core.idempotency.once`` raise.
    """
    digest = body_digest(content)
    files: list[StoredFile] = []
    if uploads and seen(user=user, key=key) is None:
        files = _accepted(uploads, user, field)
    try:
        result, is_new = once(
            user=user, key=key, scope=scope, digest=digest, act=lambda: _taken(files, save), sent=sent
        )
    except (Refused, KeyReused, StaleVersion):
        if on_refusal is None:
            _discard(files)
        else:
            waiting.wait(files)
            on_refusal(files)
        raise
    except BaseException:
        _discard(files)
        raise
    if not is_new:
        _discard(files)
    return result, is_new


def keep_uploads(*, uploads: Sequence[Upload | StoredFile], user: User, field: str = "photos") -> list[StoredFile]:
    """The photos of a form that is shown again, kept for its next try; those of an earlier try stay as they are.

    Raises Refused at ``field`` for a photo that is not accepted; none is kept then.
    """
    files = _accepted(uploads, user, field)
    waiting.wait(files)
    return files


def _taken(files: list[StoredFile], save: Callable[[list[StoredFile]], object]) -> object:
    waiting.take(files)
    return save(files)


def _accepted(uploads: Sequence[Upload | StoredFile], user: User, field: str) -> list[StoredFile]:
    earlier = [one for one in uploads if isinstance(one, StoredFile)]
    fresh = [one for one in uploads if not isinstance(one, StoredFile)]
    if not all(waiting.is_waiting(one, user) for one in earlier):
        words = "已上传的照片不能再用，可能已随另一次提交保存。请重新选择照片。"
        raise Refused(words, rule=UNUSABLE, fields={field: words})
    try:
        return [*earlier, *accept_photos(uploads=fresh, actor=user)]
    except Refused as error:
        error.fields = {field: error.message}
        raise


def _discard(files: list[StoredFile]) -> None:
    for file in files:
        discard(file=file)
