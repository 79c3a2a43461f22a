"""A mail server for tests of what leaves the system."""

import pytest

from notifications.tests.delivering import set_up, write_to
from tests.mail_server import MailServer, served


@pytest.fixture
def mail(cast):
    with served(MailServer()) as server:
        set_up(cast, "email", host="127.0.0.1", port=server.server_address[1], sender="xt@example.gov.cn")
        write_to(cast.liaison)
        yield server
