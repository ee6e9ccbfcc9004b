"""What is not here may be in another organization of the same person: only then the page says so."""

from typing import Any

import pytest

from organizations import tenancy
from organizations.models import Membership, Organization, OrganizationUserGrant
from organizations.roles import Role
from products import elsewhere
from products.models import Product
from products.permissions import ids
from tests.people import MEMBERS, World

pytestmark = pytest.mark.django_db


def joins_other(world: World, person: str, role: Role = Role.COLLABORATOR, **fields: Any) -> None:
    with tenancy.scope(world.other.pk):
        Membership.objects.create(organization=world.other, user=world.users[person], role=role, **fields)


def in_other(world: World, address: str = "/o/other/hosting/{}/") -> str:
    return address.format(world.products["hosting"].pk)


def test_a_product_of_my_other_organization_is_named_with_the_way_there(world: World) -> None:
    joins_other(world, "owner")
    for address in ("/o/other/hosting/{}/", "/o/other/hosting/{}/activity/", "/o/nowhere/hosting/{}/"):
        answer = world.client("owner").get(in_other(world, address))
        assert answer.status_code == 404
        assert f'href="/o/acme/hosting/{world.products["hosting"].pk}/"' in answer.text


@pytest.mark.parametrize("person", ["viewer", "teammate", "external"])
def test_a_grant_is_enough(world: World, person: str) -> None:
    joins_other(world, person)
    assert "/o/acme/hosting/" in world.client(person).get(in_other(world)).text


@pytest.mark.parametrize("person", ["collaborator", "orderer", "suspended", "expired", "outsider", "nobody", "staff"])
def test_what_i_may_not_see_is_not_named(world: World, person: str) -> None:
    if person != "outsider":
        joins_other(world, person)
    client = world.client(person)
    answer = client.get(in_other(world))
    assert answer.status_code == 404
    assert "/o/acme/hosting/" not in answer.text
    assert 'class="boxed"' not in answer.text


def test_a_fragment_and_a_form_get_the_plain_answer(world: World) -> None:
    joins_other(world, "owner")
    client = world.client("owner")
    fragment = client.get(in_other(world), headers={"HX-Request": "true", "HX-Target": "progress"})
    posted = client.post(in_other(world, "/o/other/hosting/{}/suspend/"))
    for answer in (fragment, posted):
        assert answer.status_code == 404
        assert "/o/acme/hosting/" not in answer.text


def test_the_look_around_shows_what_each_organization_shows(world: World) -> None:
    """The rule over several organizations is that of `visible_to` in each."""
    with tenancy.scope(world.acme.pk):
        OrganizationUserGrant.objects.create(
            user=world.users["biller"], content_object=world.acme, permission_id=ids(Organization)["domains.view"]
        )
    assert Product.objects.visible_to(world.access("biller")).count() == 1
    for person in MEMBERS:
        access = world.access(person)
        one = set(Product.objects.visible_to(access).values_list("pk", flat=True))
        several = set(elsewhere.visible_in([access.membership], access.user).values_list("pk", flat=True))
        assert several == one, person


def test_an_empty_list_names_where_there_are_some(world: World) -> None:
    joins_other(world, "owner")
    with tenancy.scope(world.other.pk):
        for product in Product.objects.filter(organization=world.other):
            product.state = "cancelled"
            product.save()
    page = world.client("owner").get("/o/other/hosting/").text
    assert 'href="/o/acme/hosting/"' in page
    assert 'href="/o/acme/hosting/"' not in world.client("outsider").get("/o/other/hosting/").text
