"""The Celery application. Tasks are leaves: ids in, one domain call."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "walkthrough.settings")

app = Celery("walkthrough")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
