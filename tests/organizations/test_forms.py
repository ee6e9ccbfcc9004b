import pytest
from django.utils import translation

from organizations.forms import AddressFields, countries

ADDRESS = {"street": "Weg 1", "postcode": "8000", "city": "Zürich", "country": "CH"}


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_countries_are_in_the_order_of_their_names(language: str) -> None:
    with translation.override(language):
        names = [name for _code, name in countries()]
    assert len(names) == len(set(names)) == 19
    assert names[0] < names[-1]
    if language == "en":
        assert names == sorted(names)


@pytest.mark.parametrize(("postcode", "valid"), [("1", False), ("12", False), ("101", True), ("D02 X285", True)])
def test_a_postcode_has_at_least_three_characters(postcode: str, valid: bool) -> None:
    form = AddressFields(ADDRESS | {"postcode": postcode})
    assert form.is_valid() is valid
    if not valid:
        assert form.errors["postcode"] == ["A postcode has at least 3 characters."]
