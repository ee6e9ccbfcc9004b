"""What stands in for a web server. Imports no model."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from products import sandbox


class Sandbox(sandbox.Sandbox):
    """A web server that only remembers what it would serve."""

    realm = "hosting"
    steps = ("account", "site", "certificate", "check")
    sandboxes: tuple[Any, ...] = (
        _("Hosting is simulated: no web server is connected, and nobody can open these websites."),
    )

    def facts(self, spec: Any) -> dict[str, Any]:
        return {
            "server": "web-1.sandbox.invalid",
            "path": f"/srv/{spec.key[:8]}/{spec.name}",
            "php_version": spec.php_version,
            "disk_gb": spec.disk_gb,
            "sites": spec.sites,
            "databases": spec.databases,
            "served": not spec.suspended,
        }
