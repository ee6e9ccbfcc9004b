"""The second wall: what the database itself refuses, whatever the code above it forgets."""

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from organizations import tenancy
from organizations.models import Event, Membership
from products.models import Job, Product, ProductUserGrant
from tests.people import World

pytestmark = pytest.mark.django_db


def tenant_tables() -> list[str]:
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == "organization_id" for field in model._meta.concrete_fields)
    )


@pytest.mark.parametrize("table", tenant_tables())
def test_every_table_with_an_organization_stands_behind_the_wall(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
        assert cursor.fetchone() == (True, True)
        cursor.execute("SELECT policyname FROM pg_policies WHERE tablename = %s", [table])
        assert {"tenant", "worker"} <= {name for (name,) in cursor.fetchall()}


def test_the_list_of_tenant_tables_is_not_empty() -> None:
    assert len(tenant_tables()) >= 15


def test_without_a_scope_there_is_nothing(world: World) -> None:
    tenancy.leave()
    assert not Product.objects.exists()
    assert not Membership.objects.exists()
    assert not ProductUserGrant.objects.exists()


def test_a_scope_shows_its_organization_and_no_other(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        assert set(Product.objects.values_list("organization_id", flat=True)) == {world.acme.pk}
        assert not Product.objects.filter(pk=world.foreign["domains"].pk).exists()
    assert not Product.objects.exists()


def test_writing_into_another_organization_is_refused(world: World) -> None:
    product = world.products["domains"]
    with tenancy.scope(world.acme.pk):
        assert Product.objects.filter(pk=world.foreign["domains"].pk).update(label="x") == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Job.objects.create(organization=world.other, product=product, verb="observe")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Product.objects.filter(pk=product.pk).update(organization=world.other)


def test_a_user_sees_their_own_memberships_but_cannot_change_them(world: World) -> None:
    tenancy.enter(user=world.users["collaborator"].pk)
    assert [row.organization_id for row in Membership.objects.all()] == [world.acme.pk]
    assert Membership.objects.update(role="legal_representative") == 0
    tenancy.leave()


def test_a_grant_gets_the_organization_of_its_product(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        assert set(ProductUserGrant.objects.values_list("organization_id", flat=True)) == {world.acme.pk}
    tenancy.leave()
    # Out of scope the product is not there, so no organization is found for the grant.
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        ProductUserGrant.objects.bulk_create(
            [
                ProductUserGrant(
                    user=world.users["outsider"], content_object_id=world.products["domains"].pk, permission_id=1
                )
            ]
        )


def test_the_worker_sees_every_organization_for_one_transaction(world: World) -> None:
    tenancy.leave()
    with tenancy.every_organization():
        seen = set(Product.objects.values_list("organization_id", flat=True))
    assert seen == {world.acme.pk, world.other.pk}
    assert not Product.objects.exists()


def test_an_error_inside_the_workers_transaction_gives_the_role_back(world: World) -> None:
    tenancy.leave()
    with pytest.raises(ZeroDivisionError), tenancy.every_organization():
        raise ZeroDivisionError
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert len(set(cursor.fetchone())) == 1
    assert not Product.objects.exists()


def test_the_portals_own_role_does_not_inherit_the_workers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, 'portal_worker', 'USAGE'), rolsuper OR rolbypassrls"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False)


def test_no_scope_outlives_a_request(world: World) -> None:
    client = world.client("owner")
    assert client.get("/o/acme/").status_code == 200
    assert tenancy.current() == tenancy.NOTHING
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.organizations', true), current_setting('app.user', true)")
        assert cursor.fetchone() == ("", "")


def test_no_scope_outlives_a_request_that_breaks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("manager.shell.views.tiles", broken)
    client: Client = world.client("owner", raise_request_exception=False)
    assert client.get("/o/acme/").status_code == 500
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.organizations', true)")
        assert cursor.fetchone() == ("",)


@pytest.mark.parametrize("change", ["UPDATE organizations_event SET verb = 'x'", "DELETE FROM organizations_event"])
def test_the_log_refuses_changes(world: World, change: str) -> None:
    with tenancy.scope(world.acme.pk):
        Event.objects.create(organization=world.acme, actor_name="A", verb="test", target_type="t", target_name="n")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_a_scope_that_was_rolled_back_is_set_anew(world: World) -> None:
    tenancy.enter(user=None, organizations=frozenset({world.acme.pk}))
    with transaction.atomic():
        tenancy.enter(user=None, organizations=frozenset({world.other.pk}))
        transaction.set_rollback(True)
    tenancy.enter(user=None, organizations=frozenset({world.other.pk}))
    assert set(Product.objects.values_list("organization_id", flat=True)) == {world.other.pk}
    tenancy.leave()


def test_the_workers_role_may_be_asked_for_twice(world: World) -> None:
    tenancy.leave()
    with tenancy.every_organization():
        with tenancy.every_organization():
            assert Product.objects.count() == 6
        assert Product.objects.count() == 6
    assert not Product.objects.exists()


def test_a_decorated_action_that_failed_once_sets_its_scope_anew(world: World) -> None:
    """The block of a decorated function is the same object each time it is called."""
    acme, both = frozenset({world.acme.pk}), frozenset({world.acme.pk, world.other.pk})

    @transaction.atomic
    def narrow(fails: bool) -> set[int]:
        tenancy.enter(user=None, organizations=acme)
        if fails:
            raise ValueError("undone")
        return set(Product.objects.values_list("organization_id", flat=True))

    tenancy.enter(user=None, organizations=both)
    with pytest.raises(ValueError, match="undone"):
        narrow(True)
    assert narrow(False) == acme
    tenancy.leave()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fails", [False, True])
def test_what_a_transaction_set_stands_when_it_committed(world: World, fails: bool) -> None:
    tenancy.enter(user=None, organizations=frozenset({world.other.pk}))
    try:
        with transaction.atomic():
            tenancy.enter(user=None, organizations=frozenset({world.acme.pk}))
            if fails:
                raise ValueError
    except ValueError:
        assert tenancy.current() == tenancy.UNKNOWN
    seen = set(Product.objects.values_list("organization_id", flat=True))
    assert seen == {world.other.pk if fails else world.acme.pk}
    if not fails:
        assert tenancy.current().organizations == seen
    tenancy.leave()
    assert not Product.objects.exists()
