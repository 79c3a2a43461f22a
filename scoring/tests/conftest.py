import pytest

from reports.tests.conftest import sign_in, world  # noqa: F401 (fixtures)
from reports.tests.world import World
from scoring.tests.scored import JULY, switch_on


@pytest.fixture
def scored(world, clock) -> World:  # noqa: F811
    """Scoring was switched on in June; now everything of June has fallen due."""
    switch_on(world.cast)
    clock.move_to(JULY)
    return world
