"""Whose address the application sees."""

import pytest
from django.core.signals import request_started
from django.test.client import RequestFactory

from walkthrough.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.fixture
def address_seen():
    """Send a request through the WSGI entry and return the address Django was given."""
    seen = []

    def remember(environ, **kwargs):
        seen.append(environ["REMOTE_ADDR"])

    def send(**headers):
        environ = RequestFactory().get("/healthz", **headers).environ
        status = []
        list(application(environ, lambda line, fields: status.append(line)))
        assert status == ["200 OK"]
        return seen[-1]

    request_started.connect(remember)
    yield send
    request_started.disconnect(remember)


def test_without_a_proxy_a_visitor_cannot_choose_an_address(address_seen):
    assert address_seen(HTTP_X_REAL_IP="10.9.8.7") == "127.0.0.1"


def test_behind_the_proxy_the_address_is_the_one_the_proxy_saw(address_seen, settings):
    settings.HTTPS = True
    assert address_seen(HTTP_X_REAL_IP="10.9.8.7") == "10.9.8.7"
    assert address_seen() == "127.0.0.1"
