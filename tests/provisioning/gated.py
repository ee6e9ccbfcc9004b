"""A driver that the test can stop, or let its process die, after any step and before that step is recorded."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from products.domains.driver import DomainSpec, PowerDNS

PATIENCE = 30


class Gated(PowerDNS):
    """PowerDNS, with a gate after each call to it. Files in `GATES` open and shut the gates."""

    gates = Path(os.environ.get("GATES", "."))

    def ensure(self, spec: DomainSpec) -> Iterator[str]:
        self.gate("start")
        steps = super().ensure(spec)
        while True:
            try:
                name = next(steps)
            except StopIteration as end:
                return end.value
            self.gate(name)
            yield name

    def gate(self, name: str) -> None:
        """Die here, once, if told so; else wait here while told so."""
        (self.gates / f"reached-{name}").touch()
        fatal = self.gates / f"die-{name}"
        if fatal.exists():
            fatal.unlink()
            os.killpg(os.getpgid(0), signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while (self.gates / f"hold-{name}").exists() and time.monotonic() < until:
            time.sleep(0.02)


def choose() -> Gated:
    return Gated(settings.POWERDNS_URL, settings.POWERDNS_KEY)
