"""The PHP versions that a website can run on. Imports no model."""

from django.db.models import TextChoices


class Version(TextChoices):
    V8_5 = "8.5", "PHP 8.5"
    V8_4 = "8.4", "PHP 8.4"
    V8_3 = "8.3", "PHP 8.3"


USUAL = Version.V8_4
