from ipaddress import IPv6Address
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from products.forms import OrderForm as BaseOrderForm
from products.models import Plan


class OrderForm(BaseOrderForm):
    """A domain: the plan is the top-level domain, so the name is given without it or with it."""

    name_help = _("For example “atelier-nordwind” with the ending you choose.")

    def full_name(self, text: str, plan: Plan) -> str:
        ending = "." + plan.contents["tld"]
        text = text.strip().rstrip(".").lower()
        return text if text.endswith(ending) else text + ending

    def check_name(self, name: str, plan: Plan) -> None:
        label = name.removesuffix("." + plan.contents["tld"])
        if "." in label:
            raise forms.ValidationError(
                _("Enter the name only, without dots: it gets the ending %(ending)s."),
                params={"ending": "." + plan.contents["tld"]},
            )


class AddressForm(forms.Form):
    """Where the website of a domain is."""

    ipv4 = forms.GenericIPAddressField(label=_("IPv4 address"), protocol="ipv4", required=False)
    ipv6 = forms.GenericIPAddressField(label=_("IPv6 address"), protocol="ipv6", required=False)

    def clean_ipv6(self) -> str:
        address: str = self.cleaned_data["ipv6"]
        if address and IPv6Address(address).ipv4_mapped:
            raise forms.ValidationError(_("This is an IPv4 address written as IPv6. Enter it in the other field."))
        return address

    def clean(self) -> dict[str, Any]:
        return {name: value or None for name, value in (super().clean() or {}).items()}
