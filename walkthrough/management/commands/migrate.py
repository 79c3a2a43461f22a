from django.core.management.base import CommandError
from django.core.management.commands import migrate

from core import old_database


class Command(migrate.Command):
    """Django's own, but a database of another version is refused before anything is changed."""

    def handle(self, *args, **options):
        if found := old_database.differences():
            raise CommandError(old_database.refusal(found))
        super().handle(*args, **options)
