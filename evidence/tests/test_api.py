"""The base of every address of the API that writes."""

import pytest

from walks.api.records import StepAdd, WalkEndpoint


def test_the_routes_refuse_an_endpoint_that_lacks_a_method():
    assert StepAdd.as_view()
    with pytest.raises(TypeError, match="WalkEndpoint lacks answer, make, save"):
        WalkEndpoint.as_view()
