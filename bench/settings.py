"""The product's settings over a database of the benchmark's own; static files need no collecting."""

from walkthrough.settings import *  # noqa: F403
from walkthrough.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
