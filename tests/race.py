"""Acts begun at the same moment."""

import threading

from django.db import close_old_connections, connection


def at_once(*acts) -> list[Exception | None]:
    """What came of several acts begun at the same moment, each on its own connection."""
    start, ends = threading.Barrier(len(acts)), []

    def press(act):
        start.wait()
        try:
            act()
            ends.append(None)
        except Exception as error:
            ends.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    close_old_connections()
    assert len(ends) == len(acts)
    return ends
