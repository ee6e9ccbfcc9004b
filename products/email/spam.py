"""How strictly the mail that arrives is filtered. Imports no model."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Filter(TextChoices):
    OFF = "off", _("Off: everything is delivered to the inbox")
    NORMAL = "normal", _("Normal: what is surely spam goes to the Spam folder")
    STRICT = "strict", _("Strict: what may be spam goes there too")


USUAL = Filter.NORMAL
