"""A database that another version of the product made is found before anything is changed in it.

Until the first release migrations are written anew, so a database of an earlier version cannot be migrated: it is
refused in words, with nothing changed.
"""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader


def differences() -> list[str]:
    """Migrations and columns which show that another version made the tables; empty when this one did, or when there
    are no tables yet. Reads only; a missing SQLite file is not created.

    Raises DatabaseError when the database cannot be reached.
    """
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return []
    own = {config.label for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR}
    loader = MigrationLoader(connection)
    applied = {(app, name) for app, name in loader.applied_migrations if app in own}
    unknown = sorted(f"{app}.{name}" for app, name in applied - set(loader.disk_migrations))
    pending = {app for app, name in loader.disk_migrations if (app, name) not in applied}
    return unknown or _other_columns({app for app, _ in applied} - pending)


def _other_columns(labels: set[str]) -> list[str]:
    """``table.column`` of what the models of these apps read and the database does not have, or the other way round: a
    column nobody fills any more refuses every new row."""
    found = []
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if model._meta.app_label in labels:
                have = _columns(cursor, table) if table in tables else set()
                wanted = [field.column for field in model._meta.local_concrete_fields]
                found += [
                    f"{table}.{column}" for column in (*wanted, *sorted(have)) if (column in have) != (column in wanted)
                ]
    return found


def _columns(cursor: CursorWrapper, table: str) -> set[str]:
    """Their names alone: Django's own description of a table parses its SQL, a second for all of them on SQLite."""
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} LIMIT 0")
    return {column[0] for column in cursor.description}


def refusal(found: list[str]) -> str:
    """What happened, what is kept, what to do."""
    shown = f"{found[0]}{' 等' if len(found) > 1 else ''}"
    if connection.vendor == "sqlite":
        fresh = f"把数据库文件 {connection.settings_dict['NAME']} 移到别处保存"
    else:
        fresh = "新建一个空的数据库，填入 .env 的 DATABASE_URL"
    return (
        f"数据库是另一版本建立的，与本版本的表结构不一致（{shown}），没有启动，数据库未作任何改动。"
        f"请先用原来的版本导出需要的数据（如 manage.py export_ledger），再{fresh}，"
        f"把审计锚点 {settings.AUDIT_ANCHORS} 一并移走，然后重新运行 make run。"
    )
