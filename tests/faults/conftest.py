"""Each test of ``FaultTests`` runs once for each row of the ``FAULTS`` of its module; that a proof fails without its
guard is shown of a third of them, drawn by the seed, in ``make soak`` of all."""

import pytest

from tests.faults.fault import FaultTests
from tests.scale import sample_of, scaled


def pytest_generate_tests(metafunc):
    if metafunc.cls is not None and issubclass(metafunc.cls, FaultTests):
        faults = metafunc.module.FAULTS
        if metafunc.definition.originalname == "test_the_proof_fails_without_its_guard":
            faults = sample_of(faults, scaled((len(faults) + 2) // 3, len(faults)), of=metafunc.module.__name__)
        marks = {True: [pytest.mark.both_databases], False: []}
        params = [pytest.param(one, id=str(one), marks=marks[one.is_of_database]) for one in faults]
        metafunc.parametrize("fault", params)
