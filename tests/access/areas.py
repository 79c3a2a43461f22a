"""The areas of the product, each a module with its rows of the policy and the objects they ask for."""

from tests.access import tables
from tests.access.campaigns import (
    api,
    board,
    channels,
    covert,
    hotline,
    lookback,
    manual,
    plans,
    public,
    scores,
    setup,
    submissions,
    units,
)

AREAS = (
    api,
    setup,
    plans,
    covert,
    board,
    hotline,
    units,
    tables,
    submissions,
    scores,
    public,
    lookback,
    manual,
    channels,
)
