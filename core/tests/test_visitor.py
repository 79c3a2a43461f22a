"""The address of a visitor, written as every database gives it back."""

import pytest

from core.visitor import address, stored_address, visiting


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("10.1.2.3", "10.1.2.3"),
        (" 10.1.2.3 ", "10.1.2.3"),
        ("::FFFF:10.1.2.3", "10.1.2.3"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        (None, None),
        ("unix:/run/x.sock", None),
    ],
)
def test_an_address_is_stored_in_one_way_or_not_at_all(sent, stored):
    assert stored_address(sent) == stored


def test_an_address_holds_for_its_request_only():
    with visiting("10.1.2.3"):
        assert address() == "10.1.2.3"
    assert address() is None
