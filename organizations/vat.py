"""VAT numbers: what each country's look like, checked by their form and check digits only. Nobody is asked."""

import re
from contextlib import suppress
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.ch import vat as swiss
from stdnum.eu import vat as european
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.gb import vat as british
from stdnum.no import mva as norwegian

# What people put between the parts of a number.
BETWEEN = re.compile(r"[\s.,/‐-―-]+")
SWISS = ("MWST", "TVA", "IVA", "TPV")


@dataclass(frozen=True)
class Shape:
    """The VAT numbers of a country: how they begin, and how a person would describe them."""

    prefix: str
    described: str | Promise
    # How many digits follow the prefix, where it is digits only.
    digits: int = 0
    # How they end, where it is with certain letters.
    ends: tuple[str, ...] = ()


SHAPES = {
    "AT": Shape("ATU", gettext_lazy("Austrian numbers have 8 digits after ATU"), 8),
    "BE": Shape("BE", gettext_lazy("Belgian numbers have 10 digits after BE"), 10),
    "CH": Shape("CHE", gettext_lazy("Swiss numbers have 9 digits after CHE, and end with MWST, TVA or IVA"), 9, SWISS),
    "DE": Shape("DE", gettext_lazy("German numbers have 9 digits after DE"), 9),
    "DK": Shape("DK", gettext_lazy("Danish numbers have 8 digits after DK"), 8),
    "ES": Shape("ES", gettext_lazy("Spanish numbers have 9 characters after ES; the first or the last is a letter")),
    "FI": Shape("FI", gettext_lazy("Finnish numbers have 8 digits after FI"), 8),
    "FR": Shape("FR", gettext_lazy("French numbers have 2 characters and 9 digits after FR")),
    "GB": Shape("GB", gettext_lazy("British numbers have 9 or 12 digits after GB")),
    "IE": Shape("IE", gettext_lazy("Irish numbers have 7 digits after IE, and end with one or two letters")),
    "IT": Shape("IT", gettext_lazy("Italian numbers have 11 digits after IT"), 11),
    "LI": Shape("CHE", gettext_lazy("Liechtenstein’s numbers have 9 digits after CHE, and end with MWST"), 9, SWISS),
    "LU": Shape("LU", gettext_lazy("Luxembourg’s numbers have 8 digits after LU"), 8),
    "NL": Shape("NL", gettext_lazy("Dutch numbers have 9 digits after NL, then a B and 2 digits")),
    "NO": Shape("NO", gettext_lazy("Norwegian numbers have 9 digits, and end with MVA"), 9, ("MVA",)),
    "PL": Shape("PL", gettext_lazy("Polish numbers have 10 digits after PL"), 10),
    "PT": Shape("PT", gettext_lazy("Portuguese numbers have 9 digits after PT"), 9),
    "SE": Shape("SE", gettext_lazy("Swedish numbers have 12 digits after SE"), 12),
}


def checked(number: str, country: str) -> str:
    """The number in its compact form, with its prefix; ValueError, with what is expected, where it is none there."""
    text = BETWEEN.sub("", number).upper()
    if not text:
        return ""
    shape = SHAPES.get(country)
    if shape is None:
        raise ValueError(_("There are no VAT numbers in this country. Leave this empty."))
    if not text.isascii() or not text.isalnum():
        raise ValueError(_("%(expected)s: letters and digits only.") % {"expected": shape.described})
    # Who leaves the country away means it.
    whole = text if re.match("[A-Z]{2}", text) else shape.prefix + text
    for each in (text, country + text):
        with suppress(ValidationError):
            return _validated(each, country)
    try:
        return _validated(whole, country)
    except ValidationError as error:
        raise ValueError(_reason(whole, shape, error)) from error


def _validated(text: str, country: str) -> str:
    if country in ("CH", "LI"):
        return swiss.validate(text)
    if country == "NO":
        return f"NO{norwegian.validate(text)}"
    if country == "GB" and not text.startswith("XI"):
        return f"GB{british.validate(text)}"
    if not text.startswith("XI" if country == "GB" else country):
        raise ValidationError
    return european.validate(text)


def _reason(text: str, shape: Shape, error: ValidationError) -> str:
    """What is expected, and where this number differs."""
    values = {"expected": shape.described, "prefix": shape.prefix, "number": len(re.findall("[0-9]", text))}
    if not text.startswith(shape.prefix) and shape.prefix != "NO":
        return _("%(expected)s; this one does not begin with %(prefix)s.") % values
    if shape.digits and values["number"] != shape.digits:
        return _("%(expected)s; this one has %(number)d.") % values
    if shape.ends and not text.endswith(shape.ends):
        return _("%(expected)s; this one has another end.") % values
    if isinstance(error, InvalidChecksum):
        return _("%(expected)s. This one has them, but its check digit does not fit: is one mistyped?") % values
    return _("%(expected)s. This one looks different.") % values


def shown(number: str) -> str:
    """A compact number as people write it."""
    if number.startswith("CHE"):
        return swiss.format(number)
    if number.startswith("NO"):
        return norwegian.format(number)
    if number.startswith("GB"):
        return f"GB {british.format(number)}"
    prefix = next((shape.prefix for shape in SHAPES.values() if number.startswith(shape.prefix)), number[:2])
    return f"{prefix} {number.removeprefix(prefix)}" if number else ""
