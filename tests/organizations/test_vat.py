"""VAT numbers by country: what is taken, how it is kept and shown, and what is said of what is not taken."""

import re

import pytest

from organizations import vat
from organizations.forms import COUNTRIES

GOOD = [
    ("CH", "CHE-107.787.577 MWST", "CHE107787577MWST", "CHE-107.787.577 MWST"),
    ("CH", "che 107 787 577 tva", "CHE107787577TVA", "CHE-107.787.577 TVA"),
    ("LI", "107787577 MWST", "CHE107787577MWST", "CHE-107.787.577 MWST"),
    ("AT", "ATU 57194903", "ATU57194903", "ATU 57194903"),
    ("AT", "U57194903", "ATU57194903", "ATU 57194903"),
    ("BE", "BE 697.449.992", "BE0697449992", "BE 0697449992"),
    ("DE", "136695976", "DE136695976", "DE 136695976"),
    ("DK", "DK 13585628", "DK13585628", "DK 13585628"),
    ("ES", "A28015865", "ESA28015865", "ES A28015865"),
    ("FI", "FI 20774740", "FI20774740", "FI 20774740"),
    ("FR", "FR 40 303 265 045", "FR40303265045", "FR 40303265045"),
    ("GB", "GB 980 7806 84", "GB980780684", "GB 980 7806 84"),
    ("GB", "XI980780684", "XI980780684", "XI 980780684"),
    ("IE", "IE 6433435F", "IE6433435F", "IE 6433435F"),
    ("IT", "IT 00743110157", "IT00743110157", "IT 00743110157"),
    ("LU", "LU 150 274 42", "LU15027442", "LU 15027442"),
    ("NL", "NL4495445B01", "NL004495445B01", "NL 004495445B01"),
    ("NO", "NO 995 525 828 MVA", "NO995525828MVA", "NO 995 525 828 MVA"),
    ("NO", "995525828 mva", "NO995525828MVA", "NO 995 525 828 MVA"),
    ("PL", "PL 8567346215", "PL8567346215", "PL 8567346215"),
    ("PT", "PT 501 964 843", "PT501964843", "PT 501964843"),
    ("SE", "SE 123456789701", "SE123456789701", "SE 123456789701"),
]

EXPECTED = [
    ("AT", "ATU1234567", "Austrian numbers have 8 digits after ATU; this one has 7."),
    ("AT", "DE136695976", "Austrian numbers have 8 digits after ATU; this one does not begin with ATU."),
    (
        "CH",
        "CHE-107.787.577",
        "CHE, and end with MWST, TVA or IVA; this one has another end.",
    ),
    ("NO", "995 525 828", "Norwegian numbers have 9 digits, and end with MVA; this one has another end."),
    ("DE", "DE136695977", "its check digit does not fit: is one mistyped?"),
    ("DE", "DE<script>", "letters and digits only"),
    ("FR", "FR1", "French numbers have 2 characters and 9 digits after FR. This one looks different."),
    ("US", "12-3456789", "There are no VAT numbers in this country. Leave this empty."),
]


@pytest.mark.parametrize(("country", "typed", "kept", "shown"), GOOD)
def test_a_number_is_kept_compact_and_shown_as_people_write_it(country: str, typed: str, kept: str, shown: str) -> None:
    assert vat.checked(typed, country) == kept
    assert vat.shown(kept) == shown
    assert vat.checked(shown, country) == kept
    assert len(kept) <= 20


@pytest.mark.parametrize(("country", "typed", "said"), EXPECTED)
def test_what_is_expected_is_said(country: str, typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        vat.checked(typed, country)


def test_every_country_is_known_or_has_no_such_numbers() -> None:
    assert {code for code, _name in COUNTRIES} - set(vat.SHAPES) == {"US"}
    assert {country for country, *_rest in GOOD} == set(vat.SHAPES)


@pytest.mark.parametrize("typed", ["", "  ", "-- ."])
def test_nothing_is_no_number(typed: str) -> None:
    assert vat.checked(typed, "CH") == vat.checked(typed, "US") == ""
