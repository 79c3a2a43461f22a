"""Errors of ``manage.py`` in Chinese: a command that cannot be carried out ends with a sentence and status 1, never
with a traceback.

Usage errors are argparse's own, translated through ``locale/zh_CN``.
"""

import gettext
import os
import sys
from difflib import get_close_matches
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, ManagementUtility, get_commands
from django.db import DatabaseError, OperationalError

from core.call_stack import with_room

LOCALE = Path(__file__).resolve().parent.parent / "locale"
UNDEFINED = {"42P01", "42703", "3F000"}  # PostgreSQL: no such table, column, schema
USAGE = 2
WITHOUT_DATABASE = {
    "help", "version", "collectstatic", "compilemessages", "makemessages", "preview_campaign", "runserver",
    "write_docs",
}  # fmt: skip


class CommandLine(ManagementUtility):
    """Django's own, except that a command first says which database it uses, and for a name that is no command."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        known = get_commands()
        if subcommand in known or not settings.INSTALLED_APPS:
            if used := database_line(self.argv):
                print(used, file=sys.stderr, flush=True)
            return super().fetch_command(subcommand)
        near = get_close_matches(subcommand, known, 3)
        offered = f"，相近的有：{'、'.join(near)}" if near else ""
        sys.exit(f"错误：没有命令“{subcommand}”{offered}。全部命令见 manage.py help。")


def run(argv: list[str]) -> None:
    """Carry out a command line. Ends by SystemExit, status 1, when it was refused."""
    speak_chinese()
    try:
        with_room(CommandLine(argv).execute)
    except ImproperlyConfigured as error:
        sys.exit(f"错误：{error}")
    except DatabaseError as error:
        words = database_words(error)
        if not words or "--traceback" in argv:
            raise
        sys.exit(f"错误：{words}")
    except SystemExit as ended:
        sys.exit(1 if ended.code == USAGE else ended.code)


def database_line(argv: list[str]) -> str:
    """Which database a command works on, without its password; "" for what uses none. Who runs it elsewhere
    than the service does sees that it is another."""
    if not argv[1:] or argv[1] in WITHOUT_DATABASE or {"--help", "-h", "--version"} & set(argv):
        return ""
    database = settings.DATABASES["default"]
    if str(database["ENGINE"]).endswith("sqlite3"):
        return f"数据库：{database['NAME']}"
    host = f"{database.get('HOST') or '本机'}{':' if database.get('PORT') else ''}{database.get('PORT') or ''}"
    return f"数据库：PostgreSQL {host}/{database['NAME']}"


def speak_chinese() -> None:
    """Let argparse use our translations, whatever the language of the terminal."""
    os.environ["LANGUAGE"] = "zh_CN"
    gettext.bindtextdomain("messages", LOCALE)
    gettext.textdomain("messages")


def database_words(error: DatabaseError) -> str:
    """What a database that cannot be used needs; "" for any other error of a database, which is a bug."""
    text, state = str(error), getattr(error.__cause__, "sqlstate", None)
    if "no such table" in text or "no such column" in text or state in UNDEFINED:
        return "数据库还没有建好，或不是这一版的表结构，没有执行。请先运行 make run 或 manage.py prepare。"
    if "unable to open database file" in text:
        place = settings.DATABASES["default"]["NAME"]
        return f"数据库文件打不开：{place}。请检查 VAR_DIR 目录是否存在、有无读写权限，再运行 manage.py prepare。"
    if "database is locked" in text:
        return "数据库正忙，没有执行。请稍后再试。"
    if isinstance(error, OperationalError) and state is None:
        return "数据库连接不上，没有执行。请检查 .env 中的 DATABASE_URL 和数据库服务。"
    return ""
