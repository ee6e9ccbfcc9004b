from django import forms
from django.utils.translation import gettext_lazy as _

from products.email import spam
from products.forms import OrderForm as BaseOrderForm


class SettingsForm(forms.Form):
    """How the mail of a domain is handled."""

    spam_filter = forms.ChoiceField(label=_("Spam filter"), choices=spam.Filter, widget=forms.RadioSelect)


class OrderForm(BaseOrderForm):
    """An email service: what stands after the @ of its addresses."""

    name_help = _("What stands after the @, for example “atelier-nordwind.ch”.")
