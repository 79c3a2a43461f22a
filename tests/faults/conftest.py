"""Each test of ``FaultTests`` runs once for each row of the ``FAULTS`` of its module."""

from tests.faults.fault import FaultTests


def pytest_generate_tests(metafunc):
    if metafunc.cls is not None and issubclass(metafunc.cls, FaultTests):
        metafunc.parametrize("fault", metafunc.module.FAULTS, ids=str)
