"""Fixtures and rules for every test, beside the code or in tests/: see tests/plugin.py and tests/fixtures.py."""

pytest_plugins = ["tests.plugin", "tests.triggers", "tests.fixtures", "tests.database"]
