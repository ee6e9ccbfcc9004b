import re
import unicodedata
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.web.lines import Line
from organizations import pictures, vat
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

    street = Line(
        label=_("Street and number"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    postcode = Line(
        label=_("Postcode"),
        min_length=3,
        max_length=16,
        error_messages={"min_length": _("A postcode has at least 3 characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    city = Line(label=_("Town"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "address-level2"}))
    country = forms.ChoiceField(
        label=_("Country"),
        choices=countries,
        initial="CH",
        help_text=_(
            "Switzerland and Liechtenstein pay in francs, with Swiss VAT; other countries in euros, without it."
        ),
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )


class PhoneField(Line):
    """A phone number as people write it, with one space between its parts."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"})
        super().__init__(max_length=32, widget=widget, **options)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text and not re.fullmatch(r"\+?[0-9 ()/.-]+", text):
            raise forms.ValidationError(_("A phone number has digits, spaces and + ( ) - / . only."))
        if text and len(re.findall("[0-9]", text)) < 6:
            raise forms.ValidationError(_("A phone number has at least 6 digits."))
        return text


class OrganizationForm(AddressFields):
    """A new organization, or the one there is."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    form = forms.ChoiceField(
        label=_("Kind of organization"), choices=Organization.Form, widget=forms.RadioSelect, initial="company"
    )
    name = Line(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    phone = PhoneField(label=_("Phone"), required=False)
    vat_number = Line(
        label=_("VAT number"),
        max_length=40,
        required=False,
        help_text=_("With the letters of its country, for example CHE-107.787.577 MWST or DE 136695976."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    field_order = ["key", "form", "name"]

    @classmethod
    def blank(cls) -> "OrganizationForm":
        return cls(initial={"key": uuid4()})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("form") == Organization.Form.PERSON:
            # People are not asked for one; what a company had stays for when it is one again.
            data.pop("vat_number", None)
            self.errors.pop("vat_number", None)
        elif data.get("vat_number") and data.get("country"):
            try:
                data["vat_number"] = vat.checked(data["vat_number"], data["country"])
            except ValueError as error:
                self.add_error("vat_number", str(error))
        return data


class SettingsForm(OrganizationForm):
    key = None  # type: ignore[assignment]

    @classmethod
    def of(cls, organization: Organization) -> "SettingsForm":
        values = {name: getattr(organization, name) for name in cls.base_fields}
        return cls(initial=values | {"vat_number": vat.shown(organization.vat_number)})


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=_("Picture"),
        max_length=200,
        help_text=_("PNG, JPEG, WebP or GIF, up to 5 MB. The middle of it becomes a square."),
        error_messages={
            "required": _("Choose a picture first."),
            "missing": _("Choose a picture first."),
            "empty": _("This file is empty. Choose another one."),
        },
        widget=forms.FileInput(attrs={"accept": ",".join(pictures.TYPES)}),
    )


class DeleteForm(forms.Form):
    """Whoever deletes an organization types its name."""

    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.fields["name"].label = _("Type “%(name)s” to confirm") % {"name": organization.name}

    def clean_name(self) -> str:
        typed, wanted = (_plain(text) for text in (self.cleaned_data["name"], self.organization.name))
        if typed != wanted:
            text = _("This is not its name. Type “%(name)s”, exactly as it is written here.")
            raise forms.ValidationError(text % {"name": self.organization.name})
        return typed


def _plain(text: str) -> str:
    """As one reads it: without regard to how letters with marks and spaces are encoded."""
    return " ".join(unicodedata.normalize("NFC", text).split())
