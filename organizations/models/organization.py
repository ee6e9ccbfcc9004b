from uuid import uuid4

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from manager.web.tones import tone_of


class Organization(models.Model):
    """A tenant: it has products, members and invoices of its own."""

    class Form(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")
        ASSOCIATION = "association", _("Association")

    class Currency(models.TextChoices):
        CHF = "CHF", _("Swiss franc")
        EUR = "EUR", _("Euro")

    # Names the submission that created it: the same form sent twice makes one organization.
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address in the portal"), max_length=60, unique=True)
    form = models.CharField(_("kind of organization"), max_length=11, choices=Form, default=Form.COMPANY)
    street = models.CharField(_("street and number"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16, blank=True)
    city = models.CharField(_("town"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="CH", validators=[RegexValidator(r"\A[A-Z]{2}\Z")])
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    # Names the picture in `Logo`; empty where the initials stand in.
    logo_digest = models.CharField(max_length=16, blank=True)
    # From then on only people with a second factor may enter; None asks for none.
    second_factor_from = models.DateTimeField(_("second factor required from"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Nobody enters any more. The row stays for its invoices and its log, and keeps its address in the portal.
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("home", args=[self.slug])

    @property
    def currency(self) -> str:
        """The address decides: Switzerland and Liechtenstein pay in francs, everybody else in euros."""
        return self.Currency.CHF if self.country in ("CH", "LI") else self.Currency.EUR

    @property
    def requires_second_factor(self) -> bool:
        """Whether people without a second factor are kept out now."""
        return self.second_factor_from is not None and self.second_factor_from <= timezone.now()

    @property
    def logo_url(self) -> str:
        """Where its picture is; empty when it has none."""
        return reverse("organization_logo", args=[self.slug, self.logo_digest]) if self.logo_digest else ""

    @property
    def initials(self) -> str:
        words = self.name.split()
        return (words[0][:1] + words[1][:1] if len(words) > 1 else self.name[:2]).upper()

    @property
    def tone(self) -> str:
        return tone_of(self.pk)


class Logo(models.Model):
    """The picture of an organization: a PNG, square, made anew from what was uploaded."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, primary_key=True, related_name="logo")
    png = models.BinaryField()

    def __str__(self) -> str:
        return str(self.organization)
