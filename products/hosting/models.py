from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from products.hosting import php
from products.models import Product


class Hosting(models.Model):
    """What the customer wants of a hosting: the PHP version of its website."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="hosting", primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    php_version = models.CharField(_("PHP version"), max_length=5, choices=php.Version, default=php.USUAL)

    class Meta:
        verbose_name = _("hosting")
        verbose_name_plural = _("hostings")

    def __str__(self) -> str:
        return self.product.name
