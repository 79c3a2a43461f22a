"""Each test of ``FaultTests`` runs once for each row of the ``FAULTS`` of its module."""

import pytest

from tests.faults.fault import FaultTests


def pytest_generate_tests(metafunc):
    if metafunc.cls is not None and issubclass(metafunc.cls, FaultTests):
        faults = metafunc.module.FAULTS
        marks = {True: [pytest.mark.both_databases], False: []}
        params = [pytest.param(one, id=str(one), marks=marks[one.is_of_database]) for one in faults]
        metafunc.parametrize("fault", params)
