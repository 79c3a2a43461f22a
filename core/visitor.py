"""From which address the request that is being answered came; nothing else knows it below the views."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_address: ContextVar[str | None] = ContextVar("visitor address", default=None)


def address() -> str | None:
    """The visitor's address; None in a command, a task, and where the server names none."""
    return _address.get()


@contextmanager
def visiting(sent: str | None) -> Iterator[None]:
    """While this holds, ``address`` is the one sent, as the database stores it; one that cannot be read is none."""
    token = _address.set(stored_address(sent))
    try:
        yield
    finally:
        _address.reset(token)


def stored_address(sent: str | None) -> str | None:
    """The one way of writing an address that every database gives back: what the digests of the audit cover must not
    change by being stored. An IPv4 address written as IPv6 is the IPv4 address."""
    try:
        found = ipaddress.ip_address((sent or "").strip().partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
