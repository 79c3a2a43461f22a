import contextlib
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from accounts.domain import first_start
from core import restarts
from walkthrough import checks, embedded
from walkthrough.supervisor import Failure, Supervisor, say


class Command(BaseCommand):
    help = "启动整个系统（消息队列、网站、后台任务、定时任务），按 Ctrl-C 依次停止。"
    requires_system_checks = [checks.TAG]

    def add_arguments(self, parser):
        parser.add_argument("--reload", action="store_true", help="开发用：网页的代码和模板改动后自动重新启动")

    def handle(self, *args, reload=False, **options):
        if reload and not settings.DEBUG:
            raise CommandError("--reload 只用于开发：请同时设置 DEBUG=true，或直接执行 make dev。")
        try:
            with embedded.sole_owner(settings.VAR_DIR):
                embedded.require_free_port(settings.PORT)
                with embedded.socket_path(settings.VALKEY_SOCKET):
                    supervisor = Supervisor(embedded.steps(reload=reload), on_ready=announce, on_death=restarts.note)
                    status = supervisor.run()
        except Failure as failure:
            raise CommandError(str(failure)) from failure
        raise SystemExit(status)


def announce() -> None:
    """The address, on a line of its own, once the pages answer."""
    say(f"http://127.0.0.1:{settings.PORT}")
    # A database that is busy for a moment must not stop what has just started: ``first_code`` gives a code as well.
    with contextlib.suppress(DatabaseError):
        if first_start.is_open():
            say(_first_words())
    # The supervisor asks nothing of the database afterwards.
    connection.close()


def _first_words() -> str:
    """How to begin. The code is shown on a terminal alone: what a service writes is kept in the journal."""
    if sys.stdout.isatty():
        return f"首次启动：打开上面的地址，一次性口令 {first_start.new_code()}"
    return "首次启动：打开上面的地址，并在服务器上执行 manage.py first_code 取得一次性口令。"
