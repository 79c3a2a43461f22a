"""What logs may hold (docs/trust.md B5): an address without its query string, a statement without what was typed."""

import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from gunicorn.config import Config

from walkthrough import gunicorn_conf

DEPLOY = Path(settings.BASE_DIR) / "deploy"


def test_the_log_of_the_proxy_holds_no_query_string_and_no_referer():
    conf = (DEPLOY / "nginx/walkthrough.conf").read_text()
    [written] = re.findall(r"log_format walkthrough (.*?);", conf, re.DOTALL)
    assert not re.search(r"\$(request|request_uri|args|query_string|is_args|http_referer|arg_\w+)\b", written)
    [(asked, told)] = re.findall(r'map \$request_uri \$path_alone \{\s*"~(\S+)" \$(\w+);\s*\}', conf)
    assert re.match(asked.replace("?<", "?P<"), "/issues/?q=张三")[told] == "/issues/"
    assert re.findall(r"access_log\s+\S+ (\S+);", conf) == ["walkthrough"]
    assert re.findall(r"error_log\s+\S+ (\S+);", conf) == ["crit"]


def test_the_database_writes_no_statement_to_its_log():
    lines = (DEPLOY / "postgresql.conf").read_text().splitlines()
    said = dict(re.split(r"\s*=\s*", line, maxsplit=1) for line in lines if "=" in line and not line.startswith("#"))
    wanted = {
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    assert {name: said[name] for name in wanted} == wanted


def test_the_web_server_writes_through_the_logger_that_takes_query_strings_out():
    settings_of_gunicorn = Config()
    settings_of_gunicorn.set("logger_class", gunicorn_conf.logger_class)
    log = logging.getLogger("gunicorn.error")
    before, log.filters = (log.handlers[:], log.propagate, log.level), []
    try:
        assert gunicorn_conf.without_query in settings_of_gunicorn.logger_class(settings_of_gunicorn).error_log.filters
    finally:
        log.handlers, log.propagate, level = before
        log.setLevel(level)


@pytest.mark.parametrize(
    ("message", "args", "kept"),
    [
        ("Error handling request %s", ("/issues/?q=%E5%BC%A0",), "Error handling request /issues/?…"),
        ("Invalid request from ip={ip}: 'GET /?q=1 HTTP'", (), "Invalid request from ip={ip}: 'GET /?… HTTP'"),
        ("Worker (pid:%s) exited", (7,), "Worker (pid:7) exited"),
    ],
)
def test_what_the_web_server_says_of_a_request_loses_its_query_string(message, args, kept):
    record = logging.LogRecord("gunicorn.error", logging.ERROR, "", 0, message, args, None)
    assert gunicorn_conf.without_query(record)
    assert (record.getMessage(), gunicorn_conf.accesslog) == (kept, None)
