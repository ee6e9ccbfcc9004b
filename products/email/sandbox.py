"""What stands in for a mail server. Imports no model."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from products import sandbox


class Sandbox(sandbox.Sandbox):
    """A mail server that only remembers what it would accept."""

    realm = "email"
    steps = ("domain", "mailboxes", "dkim", "check")
    sandboxes: tuple[Any, ...] = (_("Email is simulated: no mail server is connected, and no mail arrives."),)

    def facts(self, spec: Any) -> dict[str, Any]:
        return {
            "servers": settings.MAIL_SERVERS,
            "selector": "k1",
            "spam_filter": spec.spam_filter,
            "addresses": spec.addresses,
            "gb_per_address": spec.gb_per_address,
            "served": not spec.suspended,
        }
