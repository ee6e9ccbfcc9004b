"""A new kind is one folder and one line: a throw-away one appears everywhere without another change."""

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission as Row
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import clear_url_caches, path, reverse, set_urlconf

from manager.checks import every_kind_is_complete, every_view_declares_its_access
from organizations import tenancy
from products.access import on_product
from products.forms import OrderForm
from products.kinds import Kind, Section
from products.permissions import create_rows
from products.sandbox import Sandbox
from tests import people
from tests.access_matrix import MATRIX, SIGN_IN
from tests.people import World
from tests.test_access_matrix import named

pytestmark = pytest.mark.django_db
FOLDER = "throwaway"


class Permission(TextChoices):
    SPIN = "spin", "Spin it"


class Ring(Sandbox):
    realm = FOLDER
    steps = ("forge",)
    sandboxes = ("Rings are simulated.",)


@on_product(Permission.SPIN)
def spin(request: HttpRequest, access: Any, product: Any) -> HttpResponse:
    return HttpResponse("spun")


def module(name: str, **contents: Any) -> None:
    made = ModuleType(f"{FOLDER}.{name}" if name else FOLDER)
    made.__path__ = []  # type: ignore[attr-defined]
    for key, value in contents.items():
        setattr(made, key, value)
    sys.modules[made.__name__] = made


@pytest.fixture
def kind(tmp_path: Any) -> Iterator[Kind]:
    """The folder: what every kind has. The line: its name in PRODUCT_KINDS."""
    from products.drivers import Spec

    ring = Kind(
        slug="rings",
        label="Rings",
        label_one="Ring",
        description="To bind them",
        name_label="Name",
        icon="globe",
        tone="domain",
        section=Section.TOOLS,
        module=FOLDER,
        permissions=Permission,
        steps={"forge": "Forge the ring"},
    )
    spin.__module__ = f"{FOLDER}.views"
    module("")
    module("kind", KIND=ring)
    module("forms", OrderForm=type("OrderForm", (OrderForm,), {}))
    module(
        "actions",
        create=lambda product, options: None,
        spec=lambda product: Spec(key=product.key.hex, name=product.name),
    )
    module("views", panel=lambda product: {}, spin=spin)
    module("driver", choose=Ring)
    module("urls", urlpatterns=[path("spin/", spin, name="spin")])
    (tmp_path / "rings").mkdir()
    (tmp_path / "rings" / "panel.html").write_text("<p>The one panel</p>")
    templates = [django_settings.TEMPLATES[0] | {"DIRS": [*django_settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    with override_settings(PRODUCT_KINDS=[*django_settings.PRODUCT_KINDS, FOLDER], TEMPLATES=templates):
        fresh_urls()
        create_rows("default")
        yield ring
    for name in [name for name in sys.modules if name.split(".")[0] == FOLDER]:
        del sys.modules[name]
    fresh_urls()


def fresh_urls() -> None:
    """Addresses are drawn from the kinds when the URL configuration is imported."""
    for name in ("products.urls", "manager.shell.urls", "billing.urls", "manager.urls"):
        sys.modules.pop(name, None)
    clear_url_caches()
    set_urlconf(None)


def test_it_is_everywhere(kind: Kind, world: World) -> None:
    with tenancy.scope(world.acme.pk):
        product = people.product(world.acme, world.plans["rings"], "onering.ch")
    client = world.client("owner")
    home = client.get("/o/acme/").content.decode()
    sidebar = home[home.index('id="sidebar"') : home.index("<main")]
    menu = home[home.index('id="products"') : home.index("</nav>", home.index('id="products"'))]
    tiles = home[home.index("<main") :]
    address = "/o/acme/rings/"
    for where, part in (("sidebar", sidebar), ("menu", menu), ("tiles", tiles)):
        assert address in part, where
    assert "Rings are simulated." in sidebar
    page = f"{address}{product.pk}/"
    assert page in client.get(address).content.decode()
    assert page in client.get("/o/acme/search/?q=onering").content.decode()
    assert "The one panel" in client.get(page).content.decode()
    assert "/order/rings/" in client.get("/order/").content.decode()
    order = client.post("/order/rings/", {"plan": "basic", "name": "second.ch"})
    assert order.status_code == 303
    assert "second.ch" in client.get("/cart/").content.decode()
    assert client.get("/rings/")["Location"] == address


def test_its_rights_are_given_in_the_form_and_obeyed_at_the_gate(kind: Kind, world: World) -> None:
    with tenancy.scope(world.acme.pk):
        product = people.product(world.acme, world.plans["rings"], "onering.ch")
    page = reverse("product_access", args=["acme", kind, product.pk])
    owner, collaborator = world.client("owner"), world.client("collaborator")
    assert "onering.ch" in owner.get(page).content.decode()
    address = reverse("rings:spin", args=["acme", product.pk])
    assert collaborator.get(address).status_code == 404
    member = world.users["collaborator"].pk
    owner.post(reverse("product_grant", args=["acme", kind, product.pk]), {"member": member, "level": "viewer"})
    assert collaborator.get(address).status_code == 403
    owner.post(reverse("product_grant", args=["acme", kind, product.pk]), {"member": member, "level": "technical"})
    assert collaborator.get(address).content == b"spun"
    assert Row.objects.filter(codename="rings.spin").exists()


def test_the_matrix_and_the_checks_ask_for_it(kind: Kind) -> None:
    assert named() - MATRIX.keys() - SIGN_IN.keys() == {"rings:spin", "deep_link_rings"}
    assert every_kind_is_complete() == []
    assert every_view_declares_its_access() == []
    del spin.declared_access
    module("forms")
    assert [message.id for message in every_kind_is_complete()] == ["manager.E002"]
    assert [message.id for message in every_view_declares_its_access()] == ["manager.E001"]
