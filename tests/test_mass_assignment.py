"""Sending every column of every model along with every form changes nothing that the form does not show."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import models, transaction
from django.forms import BaseForm
from django.urls import reverse

from organizations import tenancy
from tests.access_matrix import MATRIX
from tests.people import World

pytestmark = pytest.mark.django_db
OURS = ("accounts", "organizations", "products", "billing", "domains", "hosting", "email")
TABLES = [model for model in apps.get_models() if model._meta.app_label in OURS]
# What is new each time: moments, random keys, and texts that carry them or a number, such as "Transfer 12".
FRESH = (models.DateTimeField, models.UUIDField)
FRESH_NAMES = {"id", "password", "key", "digest", "prefix", "text", "html", "target_id", "target_name"}
EXTRA = {"organization_id", "user_id", "price", "amount", "total", "is_superuser", "is_staff", "permissions"}


def hostile(world: World) -> dict[str, Any]:
    """For every column a value that it would take: the last of its choices, a true, a date, or a foreign id."""
    values: dict[str, Any] = dict.fromkeys(EXTRA, str(world.other.pk))
    for model in TABLES:
        for field in model._meta.concrete_fields:
            if field.choices:
                values[field.name] = next((value for value, _label in field.flatchoices if value), "")
            elif isinstance(field, models.BooleanField):
                values[field.name] = "on"
            elif isinstance(field, models.DateTimeField):
                values[field.name] = "2027-01-01 00:00"
            else:
                values.setdefault(field.name, str(world.other.pk))
    return values | {"role": "legal_representative", "state": "active", "is_staff": "on", "is_superuser": "on"}


# Forms of the sign-in library, with what is sent by whom.
SIGN_IN_FORMS: dict[str, tuple[str, dict[str, str]]] = {
    "account_email": ("collaborator", {"action_add": "", "email": "elsewhere@example.com"}),
    "account_change_password": (
        "collaborator",
        {"oldpassword": "secret-of-collaborator", "password1": "a-long-walk-7", "password2": "a-long-walk-7"},
    ),
    "account_reauthenticate": ("collaborator", {"password": "secret-of-collaborator"}),
    "account_login": ("anonymous", {"login": "collaborator@example.com", "password": "secret-of-collaborator"}),
    "account_signup": (
        "anonymous",
        {"first_name": "A", "last_name": "B", "email": "new@example.com", "password1": "a-long-walk-home-7"},
    ),
    "account_reset_password": ("anonymous", {"email": "collaborator@example.com"}),
}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the fields of every form that was given something."""
    names: set[str] = set()
    clean = BaseForm.full_clean

    def noting(form: BaseForm) -> None:
        if form.is_bound:
            names.update(form.add_prefix(name) for name in form.fields)
        clean(form)

    monkeypatch.setattr(BaseForm, "full_clean", noting)
    return names


def snapshot(known: dict[type[models.Model], set[Any]] | None = None) -> Any:
    """Everything that is stored, but for what is new each time; references to new rows are all alike."""
    with tenancy.every_organization():
        if known is None:
            return {model: set(model._default_manager.values_list("pk", flat=True)) for model in (*TABLES, Group)}
        return {model.__name__: sorted(map(repr, rows(model, known))) for model in TABLES}


def rows(model: type[models.Model], known: dict[type[models.Model], set[Any]]) -> Iterator[dict[str, Any]]:
    fields = [
        field for field in model._meta.concrete_fields if not isinstance(field, FRESH) and field.name not in FRESH_NAMES
    ]
    for row in model._default_manager.values(*(field.attname for field in fields)):
        for field in fields:
            target = field.related_model
            if target in known and row[field.attname] is not None and row[field.attname] not in known[target]:
                row[field.attname] = "new"
        yield row


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.post is not None])
def test_what_the_form_does_not_show_stays(world: World, name: str, shown: set[str]) -> None:
    row = MATRIX[name]
    with tenancy.scope(world.acme.pk):
        row.prepare(world)
        address, data = reverse(name, kwargs=row.arguments(world)), row.data(world)
    # Somebody who may do it: the first of them.
    person = next(person for person, status in row.post.items() if status in (200, 302, 303) and person != "anonymous")
    compare(world, person, address, data, shown)


@pytest.mark.parametrize("name", SIGN_IN_FORMS)
def test_the_forms_of_the_sign_in_library_neither(world: World, name: str, shown: set[str]) -> None:
    person, data = SIGN_IN_FORMS[name]
    compare(world, person, reverse(name), data, shown)


def compare(world: World, person: str, address: str, data: dict[str, Any], shown: set[str]) -> None:
    """The request does the same with and without what its form does not show."""
    tenancy.leave()
    known = snapshot()
    cache.clear()
    plain = after(world, person, address, data, known)
    unasked = {name: value for name, value in hostile(world).items() if name not in shown}
    cache.clear()
    status, found = after(world, person, address, unasked | data, known)
    changed = {table: rows for table, rows in found.items() if rows != plain[1][table]}
    assert (status, changed) == (plain[0], {})


def after(world: World, person: str, address: str, data: dict[str, Any], known: Any) -> Any:
    """Status and everything stored after the request, which is then undone."""
    undone = transaction.atomic()
    undone._from_testcase = True  # it is the test's own, so actions may still be the outermost
    client = world.client(person)
    with undone:
        status = client.post(address, data).status_code
        tenancy.leave()
        found = snapshot(known)
        transaction.set_rollback(True)
    tenancy.mark(tenancy.UNKNOWN)
    return status, found
