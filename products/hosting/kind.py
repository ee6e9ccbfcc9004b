from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from products.kinds import Kind, Section


class Permission(TextChoices):
    SITES = "sites", _("Create, change and remove its websites")
    ACCESS = "access", _("Manage its SFTP and SSH users")
    DATABASES = "databases", _("Create, change and remove its databases")
    CERTIFICATES = "certificates", _("Order and install its certificates")


KIND = Kind(
    slug="hosting",
    label=_("Hosting"),
    label_one=_("Hosting"),
    description=_("Websites, databases and certificates"),
    name_label=_("Domain name of the website"),
    icon="server",
    tone="hosting",
    section=Section.WEB,
    module="products.hosting",
    permissions=Permission,
    steps={
        "account": _("Create the account on the server"),
        "site": _("Set up the website"),
        "certificate": _("Issue the certificate"),
        "check": _("Open the website once"),
    },
)
