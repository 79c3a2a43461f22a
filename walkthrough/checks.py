"""System checks of the runtime. An Error stops every command that runs them, `prepare` and `up` included."""

import tempfile
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error
from django.db import DatabaseError

from core import old_database
from core.oserrors import MISSING_PARENT, why

# What `prepare` and `up` check; the rest (`make test` runs all) would load every page first and double the start.
TAG = "walkthrough"
LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]", "::1", "testserver"}
BROKER_SCHEMES = {"redis", "rediss"}


def test_hooks(app_configs, **kwargs):
    """E001 (with --deploy): the fake clock and crash points of the tests must be off."""
    if not settings.TEST_HOOKS:
        return []
    return [Error("TEST_HOOKS 已开启，不能用于正式环境。", hint="请从 .env 中删除 TEST_HOOKS。", id="walkthrough.E001")]


def addresses(app_configs, **kwargs):
    """E002: DEBUG shows settings and code, so it is for this machine only. E003: PORT must exist."""
    errors = []
    outside = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    if settings.DEBUG and outside:
        errors.append(
            Error(
                f"DEBUG 已开启，但 ALLOWED_HOSTS 含对外地址：{'、'.join(outside)}。",
                hint="请从 .env 中删除 DEBUG，或只保留 127.0.0.1,localhost。",
                id="walkthrough.E002",
            )
        )
    if settings.PORT > 65535:
        errors.append(Error(f"PORT={settings.PORT} 超出范围：应为 1 至 65535。", id="walkthrough.E003"))
    return errors


def var_dir(app_configs, **kwargs):
    """E004: the database, files and backups live in VAR_DIR; it must be writable."""
    try:
        settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.VAR_DIR):
            return []
    except OSError as exc:
        reason = why(exc, missing=MISSING_PARENT)
    return [
        Error(
            f"数据目录 VAR_DIR={settings.VAR_DIR} 不可写（{reason}）。",
            hint="请检查目录权限和磁盘空间，或在 .env 中改用其他目录。",
            id="walkthrough.E004",
        )
    ]


def broker(app_configs, **kwargs):
    """E005: the broker is Redis or Valkey, by URL; the value is not shown, it may hold a password."""
    if not settings.BROKER_URL or urlsplit(settings.BROKER_URL).scheme in BROKER_SCHEMES:
        return []
    return [
        Error(
            "环境变量 BROKER_URL 的值无法识别：应形如 redis://主机:6379/0。",
            hint="留空则使用自带的消息队列。",
            id="walkthrough.E005",
        )
    ]


def database(app_configs, **kwargs):
    """E006: the tables are those of this version, or there are none yet. A database out of reach is said elsewhere."""
    try:
        found = old_database.differences()
    except DatabaseError:
        return []
    return [Error(old_database.refusal(found), id="walkthrough.E006")] if found else []
