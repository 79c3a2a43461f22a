"""How much a long proof tries: a seeded sample in ``make test``, its full figures in ``make soak`` (SOAK=1).

Whatever is drawn comes from SOAK_SEED. Every run prints it; ``SOAK_SEED=n make test`` draws the same again.
"""

import os
import random
from collections.abc import Sequence

SOAK = os.environ.get("SOAK") == "1"
# The first process draws it, its xdist workers inherit it.
SEED = int(os.environ.setdefault("SOAK_SEED", str(random.SystemRandom().randrange(10**6))))


def scaled(sample: int, full: int) -> int:
    """``sample`` in ``make test``, ``full`` in ``make soak``."""
    return full if SOAK else sample


def sample_of(choices: Sequence, number: int, *, of: str) -> tuple:
    """``number`` of the choices, in their order; ``of`` names the draw, so that each is drawn by itself."""
    drawn = random.Random(f"{SEED} {of}").sample(range(len(choices)), number)
    return tuple(choices[index] for index in sorted(drawn))
