import pytest

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
