import pytest

from reports.tests.scored import JULY, switch_on
from reports.tests.world import World, build


@pytest.fixture
def world(db) -> World:
    return build()


@pytest.fixture
def sign_in(client, world):
    """Call it with a persona of the cast; returns the client, signed in."""

    def login(persona: str):
        client.force_login(world.cast.people[persona], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login


@pytest.fixture
def scored(world, clock) -> World:
    """Scoring was switched on in June; now everything of June has fallen due."""
    switch_on(world.cast)
    clock.move_to(JULY)
    return world
