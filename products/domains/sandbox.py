"""What stands in for a registry, and for a name server where there is none. Imports no model."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from products import sandbox
from products.domains.zone import Record, first_records
from products.drivers import Spec


class Registrar:
    """A registry that registers everything at once, in its own small world; it refuses what sandboxes refuse."""

    sandboxes: tuple[Any, ...] = (_("Domain registrations are simulated: no registry is connected."),)

    def __init__(self) -> None:
        self.world = sandbox.World("registry")

    def register(self, spec: Spec) -> None:
        """The name is registered for this product. Conflict when it is another's."""
        if self.world.get(spec) is None:
            self.world.behave(spec)
            self.world.put(spec, {})

    def release(self, spec: Spec) -> None:
        """The name is not registered for this product."""
        self.world.remove(spec)


class Sandbox(sandbox.Sandbox):
    """A name server that only remembers what it would serve."""

    realm = "domains"
    steps = ("register", "zone", "records", "check")
    sandboxes: tuple[Any, ...] = (_("Domains are simulated: no registry and no name server are connected."),)

    def facts(self, spec: Any) -> dict[str, Any]:
        records = [record.shown() for record in sorted(first_records(spec), key=Record.order)]
        return {"serial": 1, "records": records, "registry": "sandbox"}
