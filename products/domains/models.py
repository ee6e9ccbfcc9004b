from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from products.models import Product


class Domain(models.Model):
    """What the customer wants of a domain: where its website is."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="domain", primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    ipv4 = models.GenericIPAddressField(_("IPv4 address"), protocol="IPv4", null=True, blank=True)
    ipv6 = models.GenericIPAddressField(_("IPv6 address"), protocol="IPv6", null=True, blank=True)

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")

    def __str__(self) -> str:
        return self.product.name
