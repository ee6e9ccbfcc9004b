"""What somebody holds, in lines: whole kinds, and the products on which they hold more than that."""

import pytest

from organizations import tenancy
from organizations.models import Membership
from products import kinds, summary
from products.actions.grant import set_rights
from products.kinds import Preset
from tests.people import World

pytestmark = pytest.mark.django_db


def lines(world: World, person: str) -> list[str]:
    with tenancy.scope(world.acme.pk):
        member = Membership.objects.select_related("organization", "user").get(
            organization=world.acme, user=world.users[person]
        )
    world.access("owner")
    return summary.lines(world.acme, member)


def test_more_on_one_product_than_on_all_of_its_kind_is_a_line(world: World) -> None:
    hosting, person = world.products["hosting"], world.users["collaborator"]
    kind, access = kinds.get("hosting"), world.access("owner")
    set_rights(person, kind, kind.preset(Preset.VIEWER), by=access)
    whole = "Hosting, all and future ones: Viewer"
    assert lines(world, "collaborator") == [whole]
    set_rights(person, hosting, kind.preset(Preset.TECHNICAL), by=world.access("owner"))
    assert lines(world, "collaborator") == [whole, f"Hosting {hosting.name}: Technical"]
    # Covered by the kind: nothing to tell of it.
    set_rights(person, hosting, {"view"}, by=world.access("owner"))
    assert lines(world, "collaborator") == [whole]


def test_a_line_says_what_is_held_together(world: World) -> None:
    """The teammate has Technical on the product through the team."""
    hosting, person = world.products["hosting"], world.users["teammate"]
    kind = kinds.get("hosting")
    set_rights(person, kind, {"view", "lifecycle"}, by=world.access("owner"))
    assert lines(world, "teammate")[-1] == f"Hosting {hosting.name}: Full"
