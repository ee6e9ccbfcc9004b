"""`./portal manage ...`: Django's command line in the surroundings of the running portal."""

import os

from manager.dev.paths import State, Taken
from manager.dev.processes import Failed, in_foreground
from manager.dev.services import PYTHON, Services, surroundings
from manager.dev.supervisor import Supervisor


def manage(arguments: list[str]) -> int:
    """The command ran; servers that were not running were started for it, and stopped after it."""
    command = [PYTHON, "manage.py", *arguments]
    state = State.of_portal()
    try:
        with state.claimed("manage"), Supervisor() as supervisor:
            services = Services(state, supervisor)
            services.start()
            state.announce(services.settings)
            status = in_foreground(command, services.environment)
            state.wait_for_others()
            return status
    except Taken as taken:
        settings = state.announced()
        if settings is None:
            raise Failed(f"{taken.holder} is still starting. Try again when it is ready.") from None
        with state.joined():
            os.execve(PYTHON, command, surroundings(settings))  # noqa: S606, the command line is a list
