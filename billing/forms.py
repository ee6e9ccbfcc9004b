from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.actions.payment import CREDIT
from billing.gateways import gateway
from manager.web.lines import Line
from organizations.forms import AddressFields
from organizations.models import Organization

NEW = ""
LONGEST = 120


class CheckoutForm(AddressFields):
    """For whom the order is: one of my organizations, or a new one, named after the person or the company."""

    organization = forms.ChoiceField(label=_("Order for"), required=False, widget=forms.RadioSelect)
    form = forms.ChoiceField(
        label=_("You order as"), choices=Organization.Form, widget=forms.RadioSelect, initial="person"
    )
    company = Line(
        label=_("Name of the company or association"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    terms = forms.BooleanField(
        label=_("I accept the terms of service"), error_messages={"required": _("Accept them to place the order.")}
    )

    field_order = ["organization", "form", "company", "street", "postcode", "city", "country", "terms"]

    def __init__(self, *args: Any, organizations: list[Organization], person: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        choices = [(organization.slug, organization.name) for organization in organizations]
        cast(forms.ChoiceField, self.fields["organization"]).choices = [*choices, (NEW, _("A new organization"))]
        self.fields["organization"].initial = choices[0][0] if choices else NEW
        if not choices:
            self.fields["organization"].widget = forms.HiddenInput()
        if self.is_bound and self.data.get("organization"):
            for name in ("form", "street", "postcode", "city", "country"):
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("organization") and data.get("form") != Organization.Form.PERSON and not data.get("company"):
            self.add_error("company", _("Enter the name: the organization is named after it."))
        return data

    def founding(self) -> dict[str, str]:
        """The new organization."""
        data = self.cleaned_data
        name = fitting(self.person) if data["form"] == Organization.Form.PERSON else data["company"]
        return {"name": name} | {field: data[field] for field in ("form", "street", "postcode", "city", "country")}


def fitting(name: str) -> str:
    """The name, cut at a word when it is longer than an organization's may be."""
    if len(name) <= LONGEST:
        return name
    return name[: LONGEST + 1].rpartition(" ")[0].strip() or name[:LONGEST]


class PaymentForm(forms.Form):
    method = forms.ChoiceField(label=_("Pay with"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, with_credit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        methods = list(gateway().methods)
        if with_credit:
            methods.insert(0, (CREDIT, _("The organization's credit")))
        cast(forms.ChoiceField, self.fields["method"]).choices = methods
        self.fields["method"].initial = methods[0][0]
