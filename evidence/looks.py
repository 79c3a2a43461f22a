"""When two photos show the same picture. Pure.

A look has 128 bits (``evidence.decoder.look_of``). The same picture saved anew, shrunk or cut a little differs in few
of them: 0 to 3 for compression, up to 6 for a small cut; pictures of other things in 13 and more. Looks are found by
their eight bands of 16 bits: where at most seven bits differ, one band at least is equal in both.
"""

BANDS, DIGITS = 8, 4
NEAR = 7


def bands(look: str) -> list[int]:
    """The keys by which a look is found, one for each band; none for a photo without a look."""
    parts = [look[place : place + DIGITS] for place in range(0, len(look), DIGITS)]
    return [number << 16 | int(part, 16) for number, part in enumerate(parts)]


def looks_alike(one: str, other: str) -> bool:
    """Whether two looks may be of the same picture; never without a look."""
    return bool(one and other) and (int(one, 16) ^ int(other, 16)).bit_count() <= NEAR
