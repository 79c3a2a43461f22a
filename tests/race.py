"""Acts begun at the same moment."""

import threading
from collections.abc import Callable

from django.db import close_old_connections, connection


def at_once(*acts: Callable[[], object]) -> list[Exception | None]:
    """What came of each of several acts begun at the same moment, each on its own connection: None or the error."""
    start, ends = threading.Barrier(len(acts)), {}

    def press(number, act):
        start.wait()
        try:
            act()
            ends[number] = None
        except Exception as error:
            ends[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    close_old_connections()
    return [ends[number] for number in range(len(acts))]
