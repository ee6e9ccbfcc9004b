"""What the filter of the log calls the verbs of products."""

from django.utils.translation import gettext_lazy as _

from organizations.sentences import Text

LABELS: dict[str, Text] = {
    "product.order": _("Ordered"),
    "product.abandon": _("Order given up"),
    "product.suspend": _("Suspended"),
    "product.resume": _("Resumed"),
    "product.cancel": _("Cancelled"),
    "product.label": _("Label changed"),
    "product.bulk": _("Many products at once"),
    "product.provision.done": _("Set up"),
    "product.apply.done": _("Settings in force"),
    "product.suspend.done": _("No longer served"),
    "product.resume.done": _("Served again"),
    "product.cancel.done": _("Deleted at the provider"),
    "product.provision.failed": _("Setting up failed"),
    "product.apply.failed": _("Applying settings failed"),
    "product.suspend.failed": _("Suspending failed"),
    "product.resume.failed": _("Resuming failed"),
    "product.cancel.failed": _("Cancelling failed"),
    "product.observe.failed": _("Check failed"),
    "grant.set": _("Rights given or taken"),
    "grant.end": _("Rights ended by themselves"),
    "job.retry": _("Tried again"),
    "transfer.send": _("Transfer sent"),
    "transfer.withdraw": _("Transfer withdrawn"),
    "transfer.decline": _("Transfer declined"),
    "product.transfer.out": _("Handed over"),
    "product.transfer.in": _("Taken over"),
    "product.transfer.return.out": _("Given back"),
    "product.transfer.return.in": _("Came back"),
    "token.create": _("API token created"),
    "token.revoke": _("API token revoked"),
    "request.ask": _("Right requested"),
    "request.withdraw": _("Request withdrawn"),
    "request.grant": _("Request granted"),
    "request.decline": _("Request declined"),
    "request.void": _("Request closed"),
    "invitation.lapse": _("Promised rights lapsed"),
}
