"""How much a long proof tries: a seeded sample in ``make test``, its full figures in ``make soak`` (SOAK=1).

Whatever is drawn comes from SOAK_SEED. Every run prints it; ``SOAK_SEED=n make test`` draws the same again.
"""

import os
import random
import re
from collections.abc import Callable, Sequence

SOAK = os.environ.get("SOAK") == "1"
# scripts/test.sh says so: of what is tried again and again a part is drawn. Who runs a file by itself runs it whole.
DRAWN = os.environ.get("TEST_DRAWN") == "1" and not SOAK
LONG_TABLE = 3
# tests/faults/conftest.py draws its rows.
DRAWN_ALREADY = "test_the_proof_fails_without_its_guard"
WHOLE = re.compile(r"race|^tests/faults/")
# The first process draws it, its xdist workers inherit it.
SEED = int(os.environ.setdefault("SOAK_SEED", str(random.SystemRandom().randrange(10**6))))


def scaled(sample: int, full: int) -> int:
    """``sample`` in ``make test``, ``full`` in ``make soak``."""
    return full if SOAK else sample


def sample_of(choices: Sequence, number: int, *, of: str) -> tuple:
    """``number`` of the choices, in their order; ``of`` names the draw, so that each is drawn by itself."""
    drawn = random.Random(f"{SEED} {of}").sample(range(len(choices)), number)
    return tuple(choices[index] for index in sorted(drawn))


def drawn_rows(names: Sequence[str], *, repeated: Sequence[str] = ()) -> set[str]:
    """Of names of tests (``file::test[row]``) those that run on the first database: every test, and of one with at
    least ``LONG_TABLE`` rows a third of them, other ones with each seed. Of those ``repeated`` on the second database
    the drawn ones run there alone, unless they speak of the database itself."""
    elsewhere = {name for name in drawn_tests(repeated) if not _is_whole(name)}
    whole = {name for name in names if DRAWN_ALREADY in name}
    left = [name for name in names if name not in whole | elsewhere]
    return whole | _some_of_each(left, lambda name: name.partition("[")[0], at_least=LONG_TABLE, share=3)


def drawn_tests(names: Sequence[str]) -> set[str]:
    """Of names of tests those that the second database runs again: a quarter of each file, other ones with each seed;
    the whole of a file of races or of the folder of faults, which speak of the database itself."""
    whole = {name for name in names if _is_whole(name)}
    left = [name for name in names if name not in whole]
    return whole | _some_of_each(left, lambda name: name.partition("::")[0], at_least=2, share=4)


def drawn_plays(names: Sequence[str]) -> set[str]:
    """Of names of tests that play in a browser half of each file with four or more, other ones with each seed."""
    return _some_of_each(names, lambda name: name.partition("::")[0], at_least=4, share=2)


def _is_whole(name: str) -> bool:
    return WHOLE.search(name.partition("::")[0]) is not None


def _some_of_each(names: Sequence[str], group: Callable[[str], str], *, at_least: int, share: int) -> set[str]:
    """Of each group of names one in ``share``, rounded up; the whole of one with fewer than ``at_least``."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(group(name), []).append(name)
    kept: set[str] = set()
    for of, found in groups.items():
        kept.update(found if len(found) < at_least else sample_of(found, -(-len(found) // share), of=of))
    return kept
