"""Founding an organization while ordering: the person's name becomes its name."""

from typing import Any

import pytest

from billing.forms import CheckoutForm
from organizations.models import Organization
from tests.billing.test_pages import shopping
from tests.people import World

pytestmark = pytest.mark.django_db

ADDRESS = {"street": "Weg 1", "postcode": "8000", "city": "Zürich", "country": "CH"}
PERSON = {"organization": "", "form": "person", "terms": "on"} | ADDRESS


def founded(person: str) -> Any:
    form = CheckoutForm(PERSON, organizations=[], person=person)
    assert form.is_valid(), form.errors
    return form.founding()["name"]


def test_the_longest_name_of_a_person_founds_an_organization(world: World) -> None:
    user = world.users["nobody"]
    user.first_name, user.last_name = "F" * 80, "L" * 80
    user.save()
    client = shopping(world, "nobody", "new.ch")
    assert client.post("/checkout/", PERSON).status_code == 303
    assert Organization.objects.filter(name="F" * 80).exists()


def test_a_long_name_is_cut_at_a_word() -> None:
    assert founded("Anna Walker") == "Anna Walker"
    assert founded("a" * 119 + " " + "b" * 40) == "a" * 119
    assert founded("a" * 120) == "a" * 120
    assert founded("a" * 60 + " " + "b" * 59) == "a" * 60 + " " + "b" * 59
    assert founded("a" * 60 + " " + "b" * 60) == "a" * 60
    assert founded("a" * 161) == "a" * 120
