from django import forms
from django.utils.translation import gettext_lazy as _

from products.forms import OrderForm as BaseOrderForm
from products.hosting import php


class SettingsForm(forms.Form):
    """How the website of a hosting is run."""

    php_version = forms.ChoiceField(label=_("PHP version"), choices=php.Version)


class OrderForm(BaseOrderForm):
    """A hosting: the website's domain name, which may be registered here or elsewhere."""

    name_help = _("For example “atelier-nordwind.ch”. You can register it here, or keep it where it is.")
