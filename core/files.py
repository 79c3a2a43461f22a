"""Files that take their name when they are complete."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import IO, TypeVar

Result = TypeVar("Result")


def write_atomically(path: Path, write_to: Callable[[IO[bytes]], Result]) -> Result:
    """What ``write_to(binary file)`` returns; it writes into a neighbour of ``path`` that takes its name at the end.

    OSError when the folder cannot be written to; nothing is left behind then.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as out:
            result = write_to(out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return result
