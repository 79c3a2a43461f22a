import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from campaigns.domain import daily
from core.anchors import write_anchor
from core.database_statistics import refresh_statistics
from walkthrough import checks

# Assets of library pages that have no route here.
UNUSED_ASSETS = ("rest_framework", "import_export", "tree_queries", "redoc")


class Command(BaseCommand):
    help = "启动前的准备：数据库迁移、（--demo）空库时写入演示数据、补做当天的例行事项、写入审计锚点、收集静态文件。"
    requires_system_checks = [checks.TAG]

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="数据库为空时写入演示数据")

    def handle(self, *args, demo=False, **options):
        call_command("migrate", interactive=False, verbosity=0)
        if demo:
            call_command("demo", if_empty=True)
        # A system switched on in the afternoon has missed this morning's run.
        daily.run(timezone.now())
        write_anchor(timezone.now())
        refresh_statistics()
        collect_static()


def collect_static() -> None:
    """Side effects: STATIC_ROOT filled anew and VAR_DIR/run/static.sha256 written, when a source file changed."""
    folder = settings.VAR_DIR / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = folder / "static.sha256"
    wanted = _fingerprint()
    if (settings.STATIC_ROOT / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, clear=True, ignore_patterns=list(UNUSED_ASSETS), verbosity=0)
    stamp.write_text(wanted)


def _fingerprint() -> str:
    """Changes when a source file does (by name, size and time) or a library."""
    digest = hashlib.sha256(str(UNUSED_ASSETS).encode() + (settings.BASE_DIR / "requirements.lock").read_bytes())
    # A folder that is served below a prefix is a pair.
    folders = [Path(entry[1] if isinstance(entry, tuple) else entry) for entry in settings.STATICFILES_DIRS]
    folders += [Path(app.path) / "static" for app in apps.get_app_configs()]
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        facts = path.stat()
        digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
