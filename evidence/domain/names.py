"""Which files the rows name."""

from collections.abc import Iterator

from evidence.models import StoredFile

NAMES = ("source_name", "served_name", "thumb_name")


def stored_names(alias: str) -> list[Iterator[str]]:
    """The names under MEDIA_ROOT that rows of that connection name: a sorted list for each kind, few in memory."""
    return [
        StoredFile.objects.using(alias).order_by(name).values_list(name, flat=True).iterator(chunk_size=2000)
        for name in NAMES
    ]
