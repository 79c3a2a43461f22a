"""Photos of a form that is shown again: kept for its next try, so that nobody chooses them twice; for a day only."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from evidence.domain.store import discard
from evidence.models import StoredFile, WaitingPhoto

KEPT_FOR = timedelta(days=1)
_SALT = "evidence.waiting"


def wait(files: Iterable[StoredFile]) -> None:
    """Mark photos that no record has taken as waiting for the next try; those that wait already go on waiting."""
    WaitingPhoto.objects.bulk_create([WaitingPhoto(file=file) for file in files], ignore_conflicts=True)


def take(files: Iterable[StoredFile]) -> None:
    """They wait no more: call it in the transaction in which a record takes them."""
    WaitingPhoto.objects.filter(file__in=list(files)).delete()


def is_waiting(file: StoredFile, user: User) -> bool:
    """True for a photo this person sent with a form that was shown again, and that no record has taken since."""
    return WaitingPhoto.objects.filter(file=file, file__uploaded_by=user).exists()


def token_of(file: StoredFile) -> str:
    """By what a form that is shown again names a photo it has kept."""
    return signing.dumps(str(file.pk), salt=_SALT)


def file_of(token: str) -> StoredFile | None:
    """The photo of a ``token_of``; None when it names none or the photo is gone."""
    try:
        return StoredFile.objects.filter(pk=signing.loads(token, salt=_SALT)).first()
    except (signing.BadSignature, ValidationError):
        return None


def forget(now: datetime | None = None) -> int:
    """Discard the photos that have waited for more than a day; how many (张)."""
    old = WaitingPhoto.objects.filter(since__lt=(now or timezone.now()) - KEPT_FOR).select_related("file")
    files = [one.file for one in old]
    for file in files:
        take([file])
        discard(file=file)
    return len(files)
