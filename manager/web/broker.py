"""The broker only carries wake-up calls: rows in the database say what there is to do."""

import logging
from time import monotonic
from typing import Any

from kombu.exceptions import OperationalError
from kombu.pools import producers

logger = logging.getLogger(__name__)

# In seconds.
PATIENCE = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
SILENCE = 5
_silent_until = 0.0


def wake(task: Any, *arguments: object, countdown: int = 0) -> None:
    """Tell a worker that there is work. A broker that is down loses nothing: the sweep finds the row.

    Nobody waits for one that hangs: when it does not answer, this process asks it no more for a moment.
    """
    global _silent_until
    if monotonic() >= _silent_until:
        try:
            with producers[task.app.connection_for_write(transport_options=PATIENCE)].acquire(block=True) as producer:
                task.apply_async(args=arguments, countdown=countdown or None, producer=producer)
                return
        except OperationalError:
            _silent_until = monotonic() + SILENCE
    logger.warning("the broker is down: %s%s waits for the sweep", task, arguments)
