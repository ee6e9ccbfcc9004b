"""The page of a member's rights, and a product's Access tab: what they show, what they take, what they ask."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations import tenancy
from organizations.models import Membership
from products import kinds
from products.actions.grant import set_rights
from products.kinds import Preset
from products.models import Product, ProductUserGrant
from products.models.product import State
from products.permissions import ids
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true", "HX-Target": "rows"}


def rights(world: World, person: str) -> str:
    with tenancy.scope(world.acme.pk):
        member = Membership.objects.get(organization=world.acme, user=world.users[person])
    return f"/o/acme/members/{member.pk}/rights/"


def held(world: World, person: str, product: Product) -> set[str]:
    with tenancy.scope(world.acme.pk):
        rows = ProductUserGrant.objects.filter(user=world.users[person], content_object=product)
        return set(rows.values_list("permission__codename", flat=True))


def part(page: str, identifier: str) -> str:
    """What stands in the element with this id, up to the end of its form."""
    begin = page.index(f'id="{identifier}"')
    return " ".join(page[begin : page.index("</form>", begin)].split())


def more(world: World, number: int, kind: str = "hosting") -> list[Product]:
    with tenancy.scope(world.acme.pk):
        return Product.objects.bulk_create(
            Product(
                organization=world.acme,
                kind_slug=kind,
                plan=world.plans[kind],
                name=f"site{at:05}.ch",
                state=State.ACTIVE,
            )
            for at in range(number)
        )


def test_effective_rights_come_with_their_reasons(world: World) -> None:
    access, hosting = world.access("owner"), world.products["hosting"]
    until = timezone.now() + timedelta(days=40)
    set_rights(world.users["teammate"], hosting, {"view", "statistics"}, until=until, by=access)
    set_rights(world.users["teammate"], hosting.kind, {"lifecycle"}, by=world.access("administrator"))
    page = world.client("owner").get(f"{rights(world, 'teammate')}?kind=hosting").text
    row = part(page, f"product-{hosting.pk}")
    assert "Together: Full" in row
    assert "Technical. Through the team Web, given by" in row
    assert "Viewer. Given by Owner Tester on" in row
    assert "on all Hosting. Given by Administrator Tester" in row
    assert 'value="viewer" checked' in row
    assert f'value="{timezone.localdate(until).isoformat()}"' in row
    assert 'value="custom" checked' in part(page, "all-hosting")


@pytest.mark.parametrize("level", ["", *Preset])
def test_a_level_on_one_product(world: World, level: str) -> None:
    hosting = world.products["hosting"]
    address = f"{rights(world, 'technician')}?kind=hosting"
    data = {"kind_slug": "hosting", "product": hosting.pk, "level": level}
    answer = world.client("owner").post(address, data)
    assert (answer.status_code, answer["Location"]) == (303, f"{address}#product-{hosting.pk}")
    assert held(world, "technician", hosting) == (hosting.kind.preset(Preset(level)) if level else set())


def test_single_rights_until_a_day(world: World) -> None:
    hosting, day = world.products["hosting"], timezone.localdate() + timedelta(days=7)
    data = {"kind_slug": "hosting", "product": hosting.pk, "level": "custom", "permissions": ["databases", "sites"]}
    client, address = world.client("owner"), f"{rights(world, 'collaborator')}?kind=hosting"
    client.post(address, data | {"until": day.isoformat()})
    assert held(world, "collaborator", hosting) == {"view", "databases", "sites"}
    world.access("owner")
    end = ProductUserGrant.objects.filter(user=world.users["collaborator"]).first().expires_at
    assert timezone.localtime(end).isoformat()[:19] == f"{day.isoformat()}T23:59:59"
    row = part(client.get(address).text, f"product-{hosting.pk}")
    assert 'value="custom" checked' in row
    assert 'value="databases" checked' in row
    assert 'value="certificates" checked' not in row
    assert f'value="{day.isoformat()}"' in row


def test_several_products_all_present_ones_a_whole_kind_and_everything(world: World) -> None:
    hosting, email = world.products["hosting"], world.products["email"]
    rows = more(world, 3)
    client, address = world.client("owner"), rights(world, "collaborator")
    client.post(address, {"kind_slug": "hosting", "product": [rows[0].pk, rows[1].pk], "level": "viewer"})
    assert [bool(held(world, "collaborator", each)) for each in (*rows, hosting)] == [True, True, False, False]
    client.post(address, {"kind_slug": "hosting", "target": "present", "level": "technical"})
    for each in (*rows, hosting):
        assert held(world, "collaborator", each) == hosting.kind.preset(Preset.TECHNICAL)
    client.post(address, {"kind_slug": "hosting", "target": "present", "level": ""})
    assert not held(world, "collaborator", hosting)

    def seen() -> set[int]:
        return set(Product.objects.visible_to(world.access("collaborator")).values_list("pk", flat=True))

    client.post(address, {"kind_slug": "email", "target": "all", "level": "viewer"})
    assert seen() == {email.pk}
    client.post(address, {"kind_slug": "email", "target": "everything", "level": "full"})
    assert len(seen()) == 3 + 3
    page = client.get(address).text
    assert 'value="full" checked' in part(page, "everything")
    assert page.count("All: Full") == len(kinds.every())


def test_everything_is_taken_away_once_it_was_read_and_confirmed(world: World) -> None:
    access, hosting = world.access("owner"), world.products["hosting"]
    collaborator, until = world.users["collaborator"], timezone.now() + timedelta(days=40)
    set_rights(collaborator, hosting, {"view", "sites"}, until=until, by=access)
    set_rights(collaborator, kinds.get("email"), {"view", "statistics"}, by=access)
    client, address = world.client("owner"), rights(world, "collaborator")
    everything = part(client.get(address).text, "everything")
    assert "checked" not in everything
    assert 'name="level" value=""' not in everything
    assert f'href="{address}?remove=1#everything"' in everything
    asked = client.get(f"{address}?remove=1").text
    assert "Email, all and future ones: Viewer" in part(asked, "remove")
    assert "Hosting: what was given on 1 product by itself, with its last day" in part(asked, "remove")
    data = {"kind_slug": "hosting", "target": "everything", "level": ""}
    unread = client.post(address, data)
    assert unread.status_code == 422
    assert "Read what goes, and confirm it." in unread.text
    assert 'id="remove"' in unread.text
    assert held(world, "collaborator", hosting)
    assert client.post(address, data | {"confirmed": "1"}).status_code == 303
    assert not held(world, "collaborator", hosting)
    assert not Product.objects.visible_to(world.access("collaborator")).exists()
    assert "Take every right away" not in client.get(f"{address}?remove=1").text


@pytest.mark.parametrize("target", [{"product": "one"}, {"target": "all"}, {"target": "present"}])
def test_single_rights_want_a_right(world: World, target: dict[str, str]) -> None:
    hosting = world.products["hosting"]
    if "product" in target:
        target = {"product": str(hosting.pk)}
    answer = world.client("owner").post(
        rights(world, "collaborator"), target | {"kind_slug": "hosting", "level": "custom"}
    )
    assert answer.status_code == 422
    assert "Tick at least one right." in answer.text
    assert not held(world, "collaborator", hosting)


def test_giving_to_each_says_what_it_replaces(world: World) -> None:
    rows, until = more(world, 2), timezone.now() + timedelta(days=40)
    client, address = world.client("owner"), f"{rights(world, 'collaborator')}?kind=hosting"
    assert "Replaces" not in part(client.get(address).text, "present-hosting")
    set_rights(world.users["collaborator"], rows[0], {"view"}, until=until, by=world.access("owner"))
    set_rights(world.users["collaborator"], rows[1], {"view"}, by=world.access("owner"))
    told = part(client.get(address).text, "present-hosting")
    assert "Replaces what was given on 2 by themselves, with its last day" in told
    assert str(timezone.localdate(until).year) in told


def test_who_has_everything_by_role_gets_an_explanation(world: World) -> None:
    page = world.client("owner").get(rights(world, "administrator")).text
    assert "Everything, by role: Administrator" in page
    assert "Save" not in page[page.index("<main") :]
    refused = world.client("owner").post(
        rights(world, "administrator"), {"kind_slug": "hosting", "target": "all", "level": "viewer"}
    )
    assert refused.status_code == 422
    assert "has every product by role" in refused.text


def test_nobody_changes_their_own(world: World) -> None:
    client, address = world.client("owner"), rights(world, "owner")
    assert "Nobody changes their own rights. Ask another administrator." in client.get(address).text
    refused = client.post(address, {"kind_slug": "hosting", "target": "all", "level": "viewer"})
    assert refused.status_code == 422
    assert "Nobody changes their own rights" in refused.text


@pytest.mark.parametrize("person", ["outsider", "former"])
def test_only_of_members(world: World, person: str) -> None:
    client = world.client("owner")
    with tenancy.scope(world.other.pk):
        stranger = Membership.objects.get(user=world.users["outsider"]).pk
    for pk in (stranger, 999_999, 10**30):
        assert client.get(f"/o/acme/members/{pk}/rights/").status_code == 404
        assert client.post(f"/o/acme/members/{pk}/rights/", {}).status_code == 404
    data = {"member": world.users[person].pk, "level": "viewer"}
    answer = client.post(f"/o/acme/hosting/{world.products['hosting'].pk}/access/set/", data)
    assert answer.status_code == 422


def test_what_is_refused_stays_where_it_was_typed(world: World) -> None:
    hosting, past = world.products["hosting"], timezone.localdate() - timedelta(days=1)
    client, address = world.client("owner"), f"{rights(world, 'collaborator')}?kind=hosting"
    typed = {"level": "custom", "permissions": ["sites"], "until": past.isoformat()}
    answer = client.post(address, typed | {"kind_slug": "hosting", "product": hosting.pk})
    assert answer.status_code == 422
    row = part(answer.text, f"product-{hosting.pk}")
    assert 'value="custom" checked' in row
    assert 'value="sites" checked' in row
    assert f'value="{past.isoformat()}"' in row
    assert "This day has passed." in row
    assert f'href="#product-{hosting.pk}-until"' in answer.text
    whole = client.post(address, typed | {"kind_slug": "hosting", "target": "all", "until": "soon"})
    assert whole.status_code == 422
    assert 'value="soon"' in part(whole.text, "all-hosting")
    several = client.post(address, {"kind_slug": "hosting", "level": "viewer", "product": ["9" * 5000, "1"]})
    assert several.status_code == 422
    several = client.post(address, {"kind_slug": "hosting", "level": "viewer"})
    assert several.status_code == 422
    assert "Choose at least one product." in several.text
    assert held(world, "collaborator", hosting) == set()


@pytest.mark.parametrize(
    "data",
    [
        {"kind_slug": "nothing", "target": "all", "level": "viewer"},
        {"kind_slug": "hosting", "target": "all", "level": "owner"},
        {"kind_slug": "hosting", "target": "all", "level": "custom", "permissions": "superuser"},
        {"kind_slug": "hosting", "target": "all", "level": "viewer", "until": "9999-12-31"},
        {"kind_slug": "hosting", "target": "everything", "level": "custom", "permissions": "view"},
        {"kind_slug": "hosting", "target": "elsewhere", "level": "viewer"},
        {"kind_slug": "hosting", "target": "present"},
        {"kind_slug": "hosting", "product": "x", "level": "viewer"},
        {},
    ],
)
def test_nonsense_is_refused(world: World, data: dict[str, str]) -> None:
    answer = world.client("owner").post(rights(world, "collaborator"), data)
    assert answer.status_code == 422
    assert "needs another look" in answer.text or "need another look" in answer.text


def test_a_product_of_another_organization_or_kind_is_no_choice(world: World) -> None:
    client, address = world.client("owner"), rights(world, "collaborator")
    for product in (world.foreign["hosting"], world.products["email"]):
        data = {"kind_slug": "hosting", "product": product.pk, "level": "viewer"}
        assert client.post(address, data).status_code == 422
        assert held(world, "collaborator", product) == set()


def test_only_the_opened_kind_lists_products_page_by_page(world: World) -> None:
    rows = more(world, 60)
    client, address = world.client("owner"), rights(world, "collaborator")
    first = client.get(f"{address}?kind=hosting").text
    assert first.count('name="product" value') == 2 * 25
    assert "site00024.ch" not in first
    assert "site00024.ch" in client.get(f"{address}?kind=hosting&page=2").text
    assert "acme.ch" not in client.get(f"{address}?kind=hosting&q=site0005").text
    found = client.get(f"{address}?kind=hosting&q=site0005", headers=FRAGMENT).text
    assert "<main" not in found
    assert "10 found" in found
    assert f'action="{address}?kind=hosting&amp;q=site0005"' in found
    assert "Nothing matches" in client.get(f"{address}?kind=hosting&q=zzz").text
    assert "No rights on single products here" in client.get(f"{address}?kind=hosting&only=granted").text
    set_rights(world.users["collaborator"], rows[50], {"view"}, by=world.access("owner"))
    only = client.get(f"{address}?kind=hosting&only=granted").text
    assert "site00050.ch" in only
    assert "site00000.ch" not in only
    closed = client.get(f"{address}?kind=").text
    assert 'id="rows"' not in closed


def test_a_suspended_member_can_be_prepared(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["collaborator"]).update(suspended_at=timezone.now())
    client, address = world.client("owner"), rights(world, "collaborator")
    assert "is suspended. What is given here holds once it is open again." in client.get(address).text
    client.post(address, {"kind_slug": "hosting", "target": "all", "level": "viewer"})
    assert not Product.objects.visible_to(world.access("collaborator")).exists()


# The Access tab of a product


def test_the_tab_finds_people_and_keeps_to_pages(world: World) -> None:
    address = f"/o/acme/hosting/{world.products['hosting'].pk}/access/"
    users = [people.user(f"more{number:02}") for number in range(60)]
    with tenancy.scope(world.acme.pk):
        Membership.objects.bulk_create(Membership(organization=world.acme, user=user) for user in users)
    client = world.client("owner")
    # One team and fifty members, two of whom have everything by role.
    assert client.get(address).text.count('class="rights-form"') == 1 + 50 - 2
    assert "More59 Tester" not in client.get(address).text
    found = client.get(f"{address}?q=more59").text
    assert "More59 Tester" in found
    assert "Technician Tester" not in found
    fragment = client.get(f"{address}?q=more59", headers=FRAGMENT | {"HX-Target": "people-rows"})
    assert fragment.status_code == 200
    data = {"member": users[59].pk, "level": "custom", "permissions": "sites", "until": "2020-01-01"}
    refused = client.post(f"{address}set/?q=more59", data)
    assert refused.status_code == 422
    row = part(refused.text, f"member-{users[59].pk}")
    assert 'value="sites" checked' in row
    assert "This day has passed." in row
    saved = client.post(f"{address}set/?q=more59", data | {"until": ""})
    assert saved["Location"] == f"{address}?q=more59#member-{users[59].pk}"


def test_the_tab_wants_one_of_both(world: World) -> None:
    address = f"/o/acme/hosting/{world.products['hosting'].pk}/access/set/"
    client = world.client("owner")
    both = {"member": world.users["collaborator"].pk, "team": world.team.pk, "level": "viewer"}
    assert client.post(address, both).status_code == 422
    assert client.post(address, {"level": "viewer"}).status_code == 422


# However much there is


def asked(world: World, address: str) -> int:
    client = world.client("owner")
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_pages_ask_the_same_however_much_there_is(world: World) -> None:
    def grant(rows: list[Product], person: str) -> None:
        with tenancy.scope(world.acme.pk):
            ProductUserGrant.objects.bulk_create(
                ProductUserGrant(
                    user=world.users[person],
                    content_object=row,
                    permission_id=ids(Product)[name],
                    granted_by=world.users["owner"],
                )
                for row in rows
                for name in ("view", "statistics")
            )

    addresses = [
        f"{rights(world, 'collaborator')}?kind=hosting",
        f"{rights(world, 'collaborator')}?kind=hosting&only=granted&q=site",
        f"/o/acme/teams/{world.team.pk}/rights/?kind=hosting",
        f"/o/acme/hosting/{world.products['hosting'].pk}/access/",
    ]
    grant(more(world, 10)[:6], "collaborator")
    few = [asked(world, address) for address in addresses]
    with tenancy.scope(world.acme.pk):
        Product.objects.filter(name__startswith="site").delete()
        users = [people.user(f"more{number}") for number in range(60)]
        Membership.objects.bulk_create(Membership(organization=world.acme, user=user) for user in users)
        view = ids(Product)["view"]
        ProductUserGrant.objects.bulk_create(
            ProductUserGrant(user=user, content_object=world.products["hosting"], permission_id=view) for user in users
        )
    grant(more(world, 2_000)[:150], "collaborator")
    assert [asked(world, address) for address in addresses] == few
    assert max(few) <= 18
