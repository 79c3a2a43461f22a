"""Settings that cannot be used: the process does not start and names the variable, never its value."""

import pytest

from tests.runtime.site import Site

pytestmark = pytest.mark.runtime


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short-value"),
        ("PORT", "abc-value"),
        ("PORT", "0"),
        ("WEB_WORKERS", "-1"),
        ("ALLOWED_HOSTS", ""),
        ("CSRF_TRUSTED_ORIGINS", "value-without-scheme"),
        ("LOG_LEVEL", "loud-value"),
        ("DEBUG", "perhaps-value"),
        ("DATABASE_URL", "value-without-scheme"),
        ("DATABASE_URL", "mysql://user:value@host/name"),
        ("DATABASE_URL", "postgres://user:value@host:port/name"),
    ],
)
def test_an_unusable_value_is_refused_by_the_name_of_its_variable(tmp_path, name, value):
    done = Site(tmp_path, **{name: value}).manage("up")
    assert done.returncode == 1
    assert f"环境变量 {name} " in done.stderr
    assert "Traceback" not in done.stderr
    assert "value" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"PORT": "70000"}, "walkthrough.E003"),
        ({"DEBUG": "true", "ALLOWED_HOSTS": "localhost,zlc.example.gov.cn"}, "walkthrough.E002"),
        ({"BROKER_URL": "amqp://guest:password@host//"}, "walkthrough.E005"),
    ],
)
def test_a_combination_that_cannot_run_stops_with_its_check(tmp_path, environment, expected):
    done = Site(tmp_path, **environment).manage("up")
    assert done.returncode == 1
    assert expected in done.stderr
    assert "password" not in done.stderr
