"""How gunicorn serves the site, here and under systemd: `gunicorn -c python:walkthrough.gunicorn_conf`."""

import logging
import os
import re

from django.conf import settings
from gunicorn.glogging import Logger

from core import restarts
from walkthrough.held_database import hold_open
from walkthrough.processes import die_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "walkthrough.settings")

wsgi_app = "walkthrough.wsgi:application"
bind = f"127.0.0.1:{settings.PORT}"
worker_class = "gthread"
workers = settings.WEB_WORKERS
threads = settings.WEB_THREADS
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
# A filtered list carries its conditions in the address, a return address among them: as long as gunicorn allows.
limit_request_line = 8190
loglevel = "warning"
# What was searched for stands behind "?" (docs/trust.md B5): there is no log of requests, and what gunicorn says of a
# request it cannot read or carry out loses that part.
accesslog = None
control_socket_disable = True
# The heartbeat file on a disk under load makes gunicorn kill healthy workers.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


_QUERY = re.compile(r"\?[^\s'\"]*")


def without_query(record: logging.LogRecord) -> bool:
    """A filter of a logger that keeps every record and takes the query string out of its message."""
    record.msg, record.args = _QUERY.sub("?…", record.getMessage()), ()
    return True


class logger_class(Logger):
    """gunicorn's own, without query strings. The name is that of the setting."""

    def setup(self, cfg):
        super().setup(cfg)
        self.error_log.addFilter(without_query)


def post_fork(server, worker):
    """A killed master takes its workers with it."""
    die_with(server.pid)


def post_worker_init(worker):
    """Pages can be read on a full disk as long as a connection is open."""
    worker.held_database = hold_open()


def child_exit(server, worker):
    """A worker that ended while the site was served is counted; gunicorn has started another already."""
    if server.LISTENERS:
        restarts.note("网站进程")
