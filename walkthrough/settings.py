"""Settings, one file, driven by the environment (see .env.example).

Two settings of one code path: *embedded* (SQLite, bundled Valkey, local files, one command) and
*cluster* (PostgreSQL, Redis, shared storage). Nothing exists only in one of them. A value that
cannot be used stops the process and names the variable.
"""

import warnings
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def _required(name: str) -> str:
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(
            f"环境变量 {name} 未设置。请运行 make run 生成 .env，或参照 .env.example 填写后再启动。"
        )
    return value


def _flag(name: str) -> bool:
    value = env.str(name, default="false").strip().lower()
    if value not in {"true", "false", "1", "0", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"环境变量 {name} 的值无法识别：应为 true 或 false。请修改 .env 后再启动。")
    return value in {"true", "1", "yes", "on"}


def _positive(name: str, default: int) -> int:
    try:
        value = env.int(name, default=default)
    except ValueError:
        value = 0
    if value <= 0:
        raise ImproperlyConfigured(f"环境变量 {name} 的值无法识别：应为正整数。请修改 .env 后再启动。")
    return value


SECRET_KEY = _required("SECRET_KEY")
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("环境变量 SECRET_KEY 太短：至少 32 个字符。请重新生成后再启动。")
AUDIT_KEY = env.str("AUDIT_KEY", default="") or SECRET_KEY
DEBUG = _flag("DEBUG")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "环境变量 ALLOWED_HOSTS 是空的：至少写一个访问地址，多个用逗号分开。请修改 .env 后再启动。"
    )
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if any(not origin.startswith(("http://", "https://")) for origin in CSRF_TRUSTED_ORIGINS):
    raise ImproperlyConfigured(
        "环境变量 CSRF_TRUSTED_ORIGINS 的值无法识别：每个地址都应以 http:// 或 https:// 开头。请修改 .env 后再启动。"
    )
LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING").upper()
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
    raise ImproperlyConfigured(
        "环境变量 LOG_LEVEL 的值无法识别：应为 DEBUG、INFO、WARNING、ERROR 或 CRITICAL。请修改 .env 后再启动。"
    )
HTTPS = _flag("HTTPS")
# Test-only hooks (fake clock, named crash points); `check --deploy` refuses them.
TEST_HOOKS = _flag("TEST_HOOKS")

VAR_DIR = BASE_DIR / (env.str("VAR_DIR", default="") or "var")
PORT = _positive("PORT", 8000)
WEB_WORKERS = _positive("WEB_WORKERS", 2)
WEB_THREADS = _positive("WEB_THREADS", 8)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "import_export",
    "rest_framework",
    "drf_spectacular",
    "tree_queries",
    "core",
    "accounts",
    "notifications",
    "evidence",
    "catalogue",
    "campaigns",
    "walks",
    "plans",
    "issues",
    "ledgers",
    "reports",
    "scoring",
    "home",
    "manual",
    "demo",
    "walkthrough",
]

MIDDLEWARE = [
    "core.slow_pages.SlowPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.VisitorMiddleware",
    "core.middleware.WithoutSessionMiddleware",
    "core.middleware.LastingSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.SessionLimitMiddleware",
    "core.middleware.MaskedAddressMiddleware",
    "core.middleware.PrivatePagesMiddleware",
    "core.middleware.MaskedPagesMiddleware",
    "core.middleware.TypedWordsMiddleware",
    "core.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "walkthrough.urls"
WSGI_APPLICATION = "walkthrough.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "walkthrough.context.chrome",
            ],
            "builtins": ["core.templatetags.ui"],
        },
    }
]

# --- database -------------------------------------------------------------------------------
DATABASE_ENGINES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "db.sqlite3"}}
if _database_url := env.str("DATABASE_URL", default=""):
    # The library's own words would show the value, which holds a password.
    with warnings.catch_warnings(action="ignore"):
        try:
            DATABASES["default"] = env.db_url_config(_database_url)
        except (ValueError, ImproperlyConfigured):
            DATABASES["default"] = {}
if DATABASES["default"].get("ENGINE") not in DATABASE_ENGINES:
    raise ImproperlyConfigured(
        "环境变量 DATABASE_URL 的值无法识别：应形如 sqlite:////路径/db.sqlite3 或 "
        "postgres://用户:口令@主机:5432/库名。请修改 .env 后再启动。"
    )
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: with Django's deferred BEGIN, concurrent writers fail at the first write.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Without recursive triggers REPLACE deletes a row past the triggers that guard it.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA recursive_triggers=ON;",
    }
else:
    # Waiting longer for a connection only piles up requests behind a database that is down.
    pool = {"min_size": 1, "max_size": _positive("DB_POOL", 8), "timeout": 5}
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = pool
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- broker and worker ----------------------------------------------------------------------
# Empty BROKER_URL means embedded: `manage.py up` starts the bundled Valkey on this unix socket.
VALKEY_SOCKET = Path(env.str("VALKEY_SOCKET", default="") or VAR_DIR / "run" / "valkey.sock")
BROKER_URL = env.str("BROKER_URL", default="")
CELERY_BROKER_URL = BROKER_URL or f"redis+socket://{quote(str(VALKEY_SOCKET))}"
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = _positive("WORKER_CONCURRENCY", 2)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 900
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A killed worker's task is delivered again after this many seconds. A delivery too many does no harm: a job is
    # claimed by its lease, a reminder by its unique key.
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A broker that hangs holds up nobody for longer: who publishes fails, a worker connects anew.
    "socket_connect_timeout": 3,
    "socket_timeout": 3,
}
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# What is not sent at once is sent by the minute round (core.jobs.stalled), or at beat's next tick.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "run" / "beat-schedule")
CELERY_BEAT_SCHEDULER = "walkthrough.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "reminders": {"task": "issues.tasks.make_due_reminders", "schedule": timedelta(minutes=5)},
    "need-reminders": {"task": "issues.tasks.make_need_reminders", "schedule": timedelta(minutes=5)},
    "inspection-reminders": {"task": "issues.tasks.make_inspection_reminders", "schedule": timedelta(minutes=5)},
    "publication-reminders": {
        "task": "reports.tasks.make_publication_reminders",
        "schedule": timedelta(minutes=5),
    },
    "enquiry-reminders": {"task": "issues.tasks.make_enquiry_reminders", "schedule": timedelta(minutes=5)},
    "look-back-reminders": {"task": "issues.tasks.make_look_back_reminders", "schedule": timedelta(minutes=5)},
    "slip-reminders": {"task": "issues.tasks.make_slip_reminders", "schedule": timedelta(minutes=5)},
    "extension-reminders": {"task": "issues.tasks.make_extension_reminders", "schedule": timedelta(minutes=5)},
    "review-reminders": {"task": "issues.tasks.make_review_reminders", "schedule": timedelta(minutes=5)},
    "result-reminders": {"task": "walks.tasks.make_result_reminders", "schedule": timedelta(minutes=5)},
    "plan-reminders": {"task": "plans.tasks.make_plan_reminders", "schedule": timedelta(minutes=5)},
    "walk-reminders": {"task": "reports.tasks.make_walk_reminders", "schedule": timedelta(minutes=5)},
    "pack-reminders": {"task": "reports.tasks.make_pack_reminders", "schedule": timedelta(minutes=5)},
    # Hourly: a review date missed while the system was off is made up for soon after it is back.
    "deferrals": {"task": "issues.tasks.resume_deferred", "schedule": crontab(minute=10)},
    "morning": {"task": "campaigns.tasks.every_morning", "schedule": crontab(hour=6, minute=5)},
    "deliveries": {"task": "notifications.tasks.deliver", "schedule": timedelta(minutes=1)},
    "old-deliveries": {"task": "notifications.tasks.purge_deliveries", "schedule": crontab(hour=3, minute=35)},
    "leavers": {"task": "notifications.tasks.close_of_leavers", "schedule": timedelta(minutes=5)},
    "role-days": {"task": "accounts.tasks.apply_role_days", "schedule": crontab(minute=1)},
    "planner": {"task": "core.tasks.refresh_planner", "schedule": crontab(hour=5, minute=35)},
    "signatures": {"task": "issues.tasks.check_signatures", "schedule": crontab(hour=2, minute=5)},
    "audit-anchor": {"task": "core.tasks.anchor_audit", "schedule": crontab(hour=0, minute=5)},
    # At night nobody waits for the writer of SQLite.
    "sessions": {"task": "accounts.tasks.clear_sessions", "schedule": crontab(hour=3, minute=10)},
    "submit-keys": {"task": "core.tasks.purge_keys", "schedule": crontab(hour=3, minute=15)},
    "old-jobs": {"task": "core.tasks.purge_jobs", "schedule": crontab(hour=3, minute=20)},
    "orphan-files": {"task": "evidence.tasks.sweep_files", "schedule": crontab(hour=3, minute=25)},
    "waiting-photos": {"task": "evidence.tasks.sweep_waiting", "schedule": crontab(hour=3, minute=30)},
    # Hourly: it does something once a day, and in the morning where the machine is off at night.
    "backup": {"task": "walkthrough.tasks.back_up", "schedule": crontab(minute=35)},
    "stalled-jobs": {"task": "reports.tasks.requeue_stalled_jobs", "schedule": timedelta(minutes=1)},
}

# --- sign-in --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.validators.ThreeOfFourClassesValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS = 10 * 3600
SESSION_IDLE_SECONDS = _positive("SESSION_IDLE_MINUTES", 30) * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "core.views.errors.csrf_failure"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # by account and address, never by address alone
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.login.locked_out"
AXES_VERBOSE = False

# --- headers --------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# --- language, time, files ------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# The pictures of the manual stand beside its text.
STATICFILES_DIRS = [BASE_DIR / "static", ("manual", BASE_DIR / "docs" / "manual" / "pictures")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Source maps are only fetched by developer tools; compressing them doubles the first start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
MEDIA_ROOT = VAR_DIR / "files"  # outside the web root: every file goes through a scope-checked view
MEDIA_URL = ""
JOBS_ROOT = VAR_DIR / "jobs"
# Kept apart from the database, and copied to another machine with every backup.
AUDIT_ANCHORS = VAR_DIR / "audit" / "anchors.jsonl"
BACKUP_DIR = BASE_DIR / (env.str("BACKUP_DIR", default="") or VAR_DIR / "backups")
BACKUP_KEEP = _positive("BACKUP_KEEP", 7)
MAX_PHOTO_BYTES = _positive("MAX_PHOTO_MB", 20) * 1024 * 1024
MAX_PHOTO_PIXELS = 60_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "core.uploads.SpoolUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "core.form_renderer.WidgetRenderer"

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.authentication.ScopeOfToken",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["core.api_filters.NoFilters"],
    "DEFAULT_PAGINATION_CLASS": "core.paging.KeyPagination",
    "DEFAULT_RENDERER_CLASSES": ["core.api.MaskedJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api_parser.BoundedJSONParser"],
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "一把手走流程 API",
    "DESCRIPTION": (
        "用接口令牌（Authorization: Token …）读取和办理，权限与令牌的本人相同，办理的地址和内容与网页相同。"
        "每次办理带 Idempotency-Key，同一标识只办理一次；修改已有记录带 If-Match，其值为读取时的 ETag。"
        "签字、销号、查看完整号码、授予角色须本人登录网页办理。"
    ),
    "VERSION": "1.0.0",
    "ENUM_NAME_OVERRIDES": {
        "CampaignState": "campaigns.enums.CampaignState",
        "WalkState": "walks.enums.WalkState",
        "PlanState": "plans.enums.PlanState",
        "IssueState": "issues.enums.IssueState",
        "NeedState": "issues.enums.NeedState",
        "JobState": "core.models.JobState",
        "SummaryState": "reports.models.SummaryState",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "walkthrough.api_words.name_everything",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"axes": {"level": "ERROR"}},
}
