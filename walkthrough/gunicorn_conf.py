"""How gunicorn serves the site, here and under systemd: `gunicorn -c python:walkthrough.gunicorn_conf`."""

import os

from django.conf import settings

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
control_socket_disable = True
# The heartbeat file on a disk under load makes gunicorn kill healthy workers.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def post_fork(server, worker):
    """A killed master takes its workers with it."""
    die_with(server.pid)
