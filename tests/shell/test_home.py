"""Home says what needs somebody: of what they may see and do, and nothing when all is fine."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from organizations import tenancy
from organizations.models import Invitation
from products.models import Product
from tests.people import World

pytestmark = pytest.mark.django_db


def home(world: World, person: str) -> str:
    return " ".join(world.client(person).get("/o/acme/").text.split())


def ends_in(world: World, kind: str, days: int) -> None:
    with tenancy.scope(world.acme.pk):
        Product.objects.filter(pk=world.products[kind].pk).update(
            expires_at=timezone.now() + timedelta(days=days, hours=1)
        )


def test_what_ends_within_30_days_is_said_before_all_else(world: World) -> None:
    assert "All active" in home(world, "owner")
    ends_in(world, "domains", 40)
    assert "within 30 days" not in home(world, "owner")
    ends_in(world, "domains", 9)
    page = home(world, "owner")
    assert "1 expires within 30 days" in page
    assert "acme.ch expires in 9 days" in page
    assert "/o/acme/domains/?sort=expires" in page
    # Of a domain that is not theirs to see nobody is told.
    assert "expires" not in home(world, "viewer")


def test_what_has_run_out_is_said_so(world: World) -> None:
    ends_in(world, "hosting", -2)
    assert "acme.ch expired" in home(world, "owner")
    assert "acme.ch expired" in home(world, "viewer")


def test_a_missing_second_factor_is_ones_own_affair_until_the_organization_asks(world: World) -> None:
    assert "You sign in with a password only" in home(world, "owner")
    assert "second factor by" not in home(world, "owner")
    with tenancy.scope(world.acme.pk):
        world.acme.second_factor_from = timezone.now() + timedelta(days=10)
        world.acme.save()
    assert "people need a second factor by" in home(world, "owner")
    assert "people need a second factor by" not in home(world, "viewer")
    Authenticator.objects.create(user=world.users["owner"], type="totp", data={})
    assert "You sign in with a password only" not in home(world, "owner")


def test_open_invitations_wait_for_who_sent_them(world: World) -> None:
    assert "1 invitation is not answered yet" in home(world, "owner")
    assert "invitation" not in home(world, "viewer")
    with tenancy.scope(world.acme.pk):
        Invitation.objects.update(expires_at=timezone.now() + timedelta(hours=20))
    assert "and expires in 19 hours" in home(world, "owner")


def test_a_newcomer_is_told_where_to_begin(world: World) -> None:
    assert "First steps" not in home(world, "owner")
    with tenancy.scope(world.acme.pk):
        Product.objects.update(state="cancelled")
    assert "First steps in Acme" in home(world, "owner")
    page = home(world, "collaborator")
    assert "First steps" not in page
    assert "No product of Acme is open to you yet" in page


def test_what_one_has_no_rights_on_is_greyed_everywhere(world: World) -> None:
    page = home(world, "viewer")
    sidebar = page[page.index('id="sidebar"') : page.index("<main")]
    menu = page[page.index('id="products"') : page.index("</nav>", page.index('id="products"'))]
    reason = "You have no rights on “Domains” in Acme. An administrator can give it to you."
    for where, part in (("sidebar", sidebar), ("menu", menu), ("tiles", page[page.index("<main") :])):
        assert reason in part, where
        assert 'href="/o/acme/domains/"' not in part, where
        assert 'href="/o/acme/hosting/"' in part, where
    assert "You need the right “Order products” in Acme." in menu
    # Whoever may order has a use for an empty list.
    assert 'href="/o/acme/domains/"' in home(world, "orderer")
