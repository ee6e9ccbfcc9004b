import unicodedata
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization

# Where a hosting company of our kind sells; the ISO 3166-1 code decides currency and tax.
COUNTRIES = [
    ("CH", _("Switzerland")),
    ("LI", _("Liechtenstein")),
    ("AT", _("Austria")),
    ("BE", _("Belgium")),
    ("DE", _("Germany")),
    ("DK", _("Denmark")),
    ("ES", _("Spain")),
    ("FI", _("Finland")),
    ("FR", _("France")),
    ("GB", _("United Kingdom")),
    ("IE", _("Ireland")),
    ("IT", _("Italy")),
    ("LU", _("Luxembourg")),
    ("NL", _("Netherlands")),
    ("NO", _("Norway")),
    ("PL", _("Poland")),
    ("PT", _("Portugal")),
    ("SE", _("Sweden")),
    ("US", _("United States")),
]


def countries() -> list[tuple[str, str]]:
    """By their names in the reader's language, where a letter with a mark sorts as the letter."""
    named = [(code, str(name)) for code, name in COUNTRIES]
    return sorted(named, key=lambda country: unicodedata.normalize("NFKD", country[1]).casefold())


class AddressFields(forms.Form):
    """Where an organization is. The order of the fields is that of a letter."""

    street = forms.CharField(
        label=_("Street and number"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    postcode = forms.CharField(
        label=_("Postcode"),
        min_length=3,
        max_length=16,
        error_messages={"min_length": _("A postcode has at least 3 characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    city = forms.CharField(
        label=_("Town"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=countries,
        initial="CH",
        help_text=_(
            "Switzerland and Liechtenstein pay in francs, with Swiss VAT; other countries in euros, without it."
        ),
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )


class OrganizationForm(AddressFields):
    """A new organization, or the one there is."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    form = forms.ChoiceField(
        label=_("Kind of organization"), choices=Organization.Form, widget=forms.RadioSelect, initial="company"
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )

    field_order = ["key", "form", "name"]

    @classmethod
    def blank(cls) -> "OrganizationForm":
        return cls(initial={"key": uuid4()})


class SettingsForm(OrganizationForm):
    key = None  # type: ignore[assignment]

    @classmethod
    def of(cls, organization: Organization) -> "SettingsForm":
        return cls(initial={name: getattr(organization, name) for name in cls.base_fields})
