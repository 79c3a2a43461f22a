"""The entry for web servers."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from core.call_stack import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "walkthrough.settings")

_django = get_wsgi_application()


def application(environ, start_response):
    """Django behind the proxy of deploy/nginx: with HTTPS=true the visitor's address is the one the proxy saw.

    Without it every visitor would be 127.0.0.1 to the sign-in lock and to the audit.
    """
    if settings.HTTPS and (address := environ.get("HTTP_X_REAL_IP")):
        environ["REMOTE_ADDR"] = address
    return with_room(_django, environ, start_response)
