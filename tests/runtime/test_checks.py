"""The system checks with ids."""

from walkthrough import checks


def ids(errors):
    return [error.id for error in errors]


def test_usable_settings_pass(settings):
    found = [check(None) for check in (checks.test_hooks, checks.addresses, checks.var_dir, checks.broker)]
    assert found == [[], [], [], []]


def test_test_hooks_are_refused(settings):
    settings.TEST_HOOKS = True
    assert ids(checks.test_hooks(None)) == ["walkthrough.E001"]


def test_debug_is_refused_with_an_outside_address_and_names_it(settings):
    settings.DEBUG = True
    assert checks.addresses(None) == []
    settings.ALLOWED_HOSTS = ["localhost", "zlc.example.gov.cn"]
    (error,) = checks.addresses(None)
    assert error.id == "walkthrough.E002"
    assert "zlc.example.gov.cn" in error.msg
    settings.ALLOWED_HOSTS = ["*"]
    assert ids(checks.addresses(None)) == ["walkthrough.E002"]


def test_a_port_beyond_65535_is_refused(settings):
    settings.PORT = 65536
    assert ids(checks.addresses(None)) == ["walkthrough.E003"]


def test_a_data_folder_below_a_file_is_refused_with_the_reason(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.VAR_DIR = tmp_path / "file" / "var"
    (error,) = checks.var_dir(None)
    assert error.id == "walkthrough.E004"
    assert "路径中有同名文件" in error.msg


def test_a_missing_data_folder_is_made_for_its_owner_only(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "a" / "var"
    assert checks.var_dir(None) == []
    assert settings.VAR_DIR.stat().st_mode & 0o777 == 0o700


def test_a_broker_that_is_not_redis_is_refused_without_showing_the_address(settings):
    settings.BROKER_URL = "amqp://guest:secret@host//"
    (error,) = checks.broker(None)
    assert error.id == "walkthrough.E005"
    assert "secret" not in str(error)
