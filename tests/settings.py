"""The product's settings, for tests: a folder and a database of their own, nothing of the developer's .env.

TEST_DATABASE_URL chooses another database (scripts/with_postgres.py sets it).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# The first process makes the folder, its xdist workers inherit the name, the first process removes it.
if "TEST_BASE" not in os.environ:
    # Short, because a unix socket path holds 107 bytes.
    os.environ["TEST_BASE"] = tempfile.mkdtemp(prefix="wt-")
    atexit.register(shutil.rmtree, os.environ["TEST_BASE"], ignore_errors=True)
_var = Path(os.environ["TEST_BASE"], os.environ.get("PYTEST_XDIST_WORKER", "main"))
(_var / "static").mkdir(parents=True, exist_ok=True)

# Set before the product's settings read .env, which never overrides the environment.
os.environ |= {
    "SECRET_KEY": "test-key-test-key-test-key-test-key-test-key",
    "AUDIT_KEY": "test-audit-key-test-audit-key-test-audit-key",
    "DEBUG": "false",
    "HTTPS": "false",
    "TEST_HOOKS": "false",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "CSRF_TRUSTED_ORIGINS": "",
    "VAR_DIR": str(_var),
    "PORT": "8000",
    "VALKEY_SOCKET": str(_var / "run" / "valkey.sock"),
    "BROKER_URL": "",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{_var / 'db.sqlite3'}",
    "LOG_LEVEL": "WARNING",
}

from walkthrough.settings import *  # noqa: E402, F403
from walkthrough.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in the product: an in-memory database locks differently. Only the waiting for the disk is off.
    DATABASES["default"]["TEST"] = {"NAME": str(_var / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
    )
else:
    # A race has more people than the pool has connections: on a busy machine the last of them wait long.
    DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 60
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Hashed names need collectstatic; `make run` and tests/runtime use the product's storage.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
