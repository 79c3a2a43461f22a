"""Which files the rows name."""

from collections.abc import Iterator

from django.db.models import QuerySet

from evidence.models import StoredFile

NAMES = ("source_name", "served_name", "thumb_name")


def naming(name: str, alias: str = "default") -> QuerySet[StoredFile]:
    """The rows whose file of that kind stands: an original that was erased does not."""
    rows = StoredFile.objects.using(alias)
    return rows.filter(source_erased_at=None) if name == "source_name" else rows


def stored_names(alias: str) -> list[Iterator[str]]:
    """The names under MEDIA_ROOT that rows of that connection name: a sorted list for each kind, few in memory."""
    return [naming(name, alias).order_by(name).values_list(name, flat=True).iterator(chunk_size=2000) for name in NAMES]
