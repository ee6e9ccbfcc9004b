from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from products.kinds import Kind, Section


class Permission(TextChoices):
    ADDRESSES = "addresses", _("Create, change and remove its addresses")
    PASSWORDS = "passwords", _("Set the passwords of its mailboxes")
    RULES = "rules", _("Edit its forwardings, filters and automatic replies")
    MAIL_SECURITY = "mail_security", _("Change how its mail is signed and protected (SPF, DKIM, DMARC)")


KIND = Kind(
    slug="email",
    label=_("Email"),
    label_one=_("Email service"),
    description=_("Addresses, mailboxes and spam protection"),
    name_label=_("Domain name of the addresses"),
    icon="mail",
    tone="email",
    section=Section.TOOLS,
    module="products.email",
    permissions=Permission,
    steps={
        "domain": _("Accept mail for the domain"),
        "mailboxes": _("Prepare the mailboxes"),
        "dkim": _("Make the key that signs its mail"),
        "check": _("Deliver a message once"),
    },
)
