from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from walkthrough import checks, embedded
from walkthrough.supervisor import Failure, Supervisor, say


class Command(BaseCommand):
    help = "启动整个系统（消息队列、网站、后台任务、定时任务），按 Ctrl-C 依次停止。"
    requires_system_checks = [checks.TAG]

    def handle(self, *args, **options):
        try:
            with embedded.sole_owner(settings.VAR_DIR):
                embedded.require_free_port(settings.PORT)
                with embedded.socket_path(settings.VALKEY_SOCKET):
                    status = Supervisor(embedded.steps(), on_ready=announce).run()
        except Failure as failure:
            raise CommandError(str(failure)) from failure
        raise SystemExit(status)


def announce() -> None:
    """The address, on a line of its own, once the pages answer."""
    say(f"http://127.0.0.1:{settings.PORT}")
