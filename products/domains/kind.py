from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from products.kinds import Kind, Section


class Permission(TextChoices):
    DNS = "dns", _("Edit its DNS zone")
    NAMESERVERS = "nameservers", _("Change its name servers")
    CONTACTS = "contacts", _("Change its owner and contacts")
    TRANSFER = "transfer", _("Transfer it to another registrar")


KIND = Kind(
    slug="domains",
    label=_("Domains"),
    label_one=_("Domain"),
    description=_("Names, DNS zones and name servers"),
    name_label=_("Domain name"),
    icon="globe",
    tone="domain",
    section=Section.WEB,
    module="products.domains",
    permissions=Permission,
    steps={
        "register": _("Register the name"),
        "zone": _("Create the DNS zone"),
        "records": _("Write the first records"),
        "check": _("Read the zone back"),
    },
)
