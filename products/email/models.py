from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from products.email import spam
from products.models import Product


class EmailService(models.Model):
    """What the customer wants of the mail of a domain: how strictly it is filtered."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="email_service", primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    spam_filter = models.CharField(_("spam filter"), max_length=10, choices=spam.Filter, default=spam.USUAL)

    class Meta:
        verbose_name = _("email service")
        verbose_name_plural = _("email services")

    def __str__(self) -> str:
        return self.product.name
