"""Reading StoredFile rows. Who may see a file is decided by the apps whose records link it."""

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import User
from evidence.models import StoredFile


def files_by_ids(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, StoredFile]:
    """The files that exist among ``ids``, by id; one query, none for no ids."""
    wanted = set(ids)
    return StoredFile.objects.in_bulk(wanted) if wanted else {}


def file_by_id(file_id: uuid.UUID) -> StoredFile | None:
    """One file, or None."""
    return StoredFile.objects.filter(pk=file_id).first()


def uploads_of(user: User) -> QuerySet[StoredFile]:
    """What a person uploaded, oldest first: the only files this person may link to a record."""
    return StoredFile.objects.filter(uploaded_by=user)


def same_bytes(file: StoredFile) -> QuerySet[StoredFile]:
    """Other files with the same original, oldest first (the same photo handed in again)."""
    return StoredFile.objects.filter(sha256=file.sha256).exclude(pk=file.pk)
