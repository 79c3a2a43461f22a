"""What led to an error is followed to its end, also where it leads back to itself."""

import errno

from core.storage_state import chain, is_full


def test_errors_that_lead_to_each_other_are_seen_once():
    first, second = ValueError("first"), OSError(errno.ENOSPC, "no room")
    first.__cause__, second.__cause__ = second, first
    assert list(chain(first)) == [first, second]
    assert is_full(first)
