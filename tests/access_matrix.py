"""Who gets what: every named address, by method and person. A name that is missing here fails the suite.

A cell is the status of the full page. The fragment has the same, but that a redirect (303, or 302 to the sign-in page)
is a 200 that tells htmx where to go.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.people import EVERYBODY, STRANGERS, TOKENS, World

ACTIVE = ("owner", "administrator", "biller", "orderer", "collaborator", "viewer", "technician", "teammate", "external")
CHIEFS = ("owner", "administrator")
# With rights on Acme's hosting: to look, and to change its settings.
LOOKS = (*CHIEFS, "viewer", "technician", "teammate", "external")
WORKS = (*CHIEFS, "technician", "teammate")
# Without a session: a token opens the API only.
UNKNOWN = ("anonymous", *TOKENS)

Statuses = Mapping[str, int]


def everybody(status: int) -> Statuses:
    return dict.fromkeys(EVERYBODY, status)


def signed_in(status: int) -> Statuses:
    return everybody(status) | dict.fromkeys(UNKNOWN, 302)


def in_acme(allowed: tuple[str, ...], status: int) -> Statuses:
    """Members without the right: 403. Strangers: 404."""
    outside = dict.fromkeys(STRANGERS, 404)
    return everybody(403) | outside | dict.fromkeys(UNKNOWN, 302) | dict.fromkeys(allowed, status)


def on_product(seen_by: tuple[str, ...], allowed: tuple[str, ...], status: int) -> Statuses:
    """Members who do not see the product: 404. Those who see it, without the right: 403."""
    hidden = dict.fromkeys((person for person in ACTIVE if person not in seen_by), 404)
    return dict(in_acme(allowed, status)) | hidden


@dataclass(frozen=True)
class Row:
    """One address. Methods that are not listed are 405, or the sign-in page for the anonymous on private ones."""

    get: Statuses | None = None
    post: Statuses | None = None
    arguments: Callable[[World], dict[str, Any]] = lambda world: {}
    data: Callable[[World], dict[str, Any]] = lambda world: {}
    public: bool = False
    # Changes made before the request, in Acme's scope.
    prepare: Callable[[World], Any] = lambda world: None
    extra: dict[str, Any] = field(default_factory=dict)


def acme(**more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"organization": "acme"} | more


def product_of(kind: str, named: bool = True, **more: Any) -> Callable[[World], dict[str, Any]]:
    def arguments(world: World) -> dict[str, Any]:
        here = {"organization": "acme", "product": world.products[kind].pk} | more
        return here | {"kind": kind} if named else here

    return arguments


def open_order(world: World) -> Any:
    from billing.models import Order

    return Order.objects.create(
        pk=4711, organization=world.acme, key=world.products["email"].key, currency="CHF", net=0, tax=0, total=0
    )


def failed_job(world: World) -> Any:
    from products.models import Job

    product = world.products["hosting"]
    return Job.objects.create(pk=4712, organization=world.acme, product=product, verb="apply", state="failed")


def organization_data(world: World) -> dict[str, Any]:
    return {
        "key": "7e7c2b9e-0d3c-4a9b-8f43-3a2f1c1d0e55",
        "form": "company",
        "name": "Third",
        "street": "Weg 1",
        "postcode": "8000",
        "city": "Zürich",
        "country": "CH",
    }


def php(world: World) -> dict[str, Any]:
    return {"php_version": world.products["hosting"].hosting.php_version}


ORDERS = (*CHIEFS, "biller", "orderer")

MATRIX: dict[str, Row] = {
    # Anybody
    "landing": Row(get=signed_in(302), public=True),
    "live": Row(get=everybody(200), public=True),
    "terms": Row(get=everybody(200), public=True),
    "order": Row(get=everybody(200), public=True),
    "order_kind": Row(
        get=everybody(200),
        post=everybody(303),
        public=True,
        arguments=lambda world: {"kind": "hosting"},
        data=lambda world: {"plan": "basic", "name": "new.ch"} | php(world),
    ),
    "cart": Row(get=everybody(200), post=everybody(303), public=True),
    "cart_remove": Row(post=everybody(303), public=True, arguments=lambda world: {"line": 1}),
    # Whoever is signed in
    **{f"deep_link_{kind}": Row(get=signed_in(302)) for kind in ("domains", "hosting", "email")},
    "profile": Row(get=signed_in(200), post=signed_in(303), data=lambda world: {"first_name": "A", "last_name": "B"}),
    "preferences": Row(post=signed_in(303), data=lambda world: {"theme": "dark"}),
    "tour_done": Row(post=signed_in(303)),
    "organizations": Row(get=signed_in(200)),
    "organization_create": Row(get=signed_in(200), post=signed_in(303), data=organization_data),
    "checkout": Row(get=signed_in(302), post=signed_in(302)),  # no cart: back to it
    "health": Row(get=signed_in(404) | {"staff": 200}),
    # Organization
    "home": Row(get=in_acme(ACTIVE, 200), arguments=acme()),
    "search": Row(get=in_acme(ACTIVE, 200), arguments=acme()),
    "members": Row(get=in_acme(CHIEFS, 200), arguments=acme()),
    "activity": Row(get=in_acme(ACTIVE, 200), arguments=acme()),
    "organization_settings": Row(
        get=in_acme(CHIEFS, 200), post=in_acme(CHIEFS, 303), arguments=acme(), data=organization_data
    ),
    # Billing
    "orders": Row(get=in_acme(ORDERS, 200), arguments=acme()),
    "order_detail": Row(get=in_acme(ORDERS, 200), arguments=acme(number=4711), prepare=open_order),
    "pay": Row(
        get=in_acme(ORDERS, 200),
        post=in_acme(ORDERS, 303),
        arguments=acme(number=4711),
        prepare=open_order,
        data=lambda world: {"method": "approve"},
    ),
    "order_cancel": Row(post=in_acme((*CHIEFS, "orderer"), 303), arguments=acme(number=4711), prepare=open_order),
    "invoices": Row(get=in_acme((*CHIEFS, "biller"), 200), arguments=acme()),
    # Products
    "product_list": Row(get=in_acme(ACTIVE, 200), arguments=acme(kind="hosting")),
    "product": Row(get=on_product(LOOKS, LOOKS, 200), arguments=product_of("hosting")),
    "product_activity": Row(get=on_product(LOOKS, LOOKS, 200), arguments=product_of("hosting")),
    "product_access": Row(get=on_product(LOOKS, CHIEFS, 200), arguments=product_of("hosting")),
    "product_grant": Row(
        post=on_product(LOOKS, CHIEFS, 303),
        arguments=product_of("hosting"),
        data=lambda world: {"member": world.users["collaborator"].pk, "level": "viewer"},
    ),
    "product_label": Row(
        post=on_product(LOOKS, WORKS, 303), arguments=product_of("hosting"), data=lambda world: {"text": "x"}
    ),
    "product_suspend": Row(post=on_product(LOOKS, CHIEFS, 303), arguments=product_of("hosting")),
    "product_resume": Row(
        post=on_product(LOOKS, CHIEFS, 422), arguments=product_of("hosting"), prepare=lambda world: pending(world)
    ),
    "product_cancel": Row(post=on_product(LOOKS, CHIEFS, 303), arguments=product_of("hosting")),
    "product_observe": Row(post=on_product(LOOKS, WORKS, 303), arguments=product_of("hosting")),
    "job_retry": Row(post=on_product(LOOKS, WORKS, 303), arguments=product_of("hosting", job=4712), prepare=failed_job),
    # Kinds: nobody but the chiefs has rights on Acme's domain and email.
    "domains:point": Row(
        post=on_product(CHIEFS, CHIEFS, 303),
        arguments=product_of("domains", named=False),
        data=lambda world: {"ipv4": "192.0.2.9"},
    ),
    "hosting:configure": Row(
        post=on_product(LOOKS, WORKS, 303),
        arguments=product_of("hosting", named=False),
        data=lambda world: php(world),
    ),
    "email:configure": Row(
        post=on_product(CHIEFS, CHIEFS, 303),
        arguments=product_of("email", named=False),
        data=lambda world: {"spam_filter": "strict"},
    ),
}


def pending(world: World) -> None:
    product = world.products["hosting"]
    product.state = "pending"
    product.save()


# The sign-in library's own pages: what a plain GET gives the anonymous and the signed-in.
SIGN_IN: dict[str, tuple[int, int]] = {
    "account_login": (200, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_signup": (200, 302),
    "account_reauthenticate": (302, 200),
    "account_email": (302, 200),
    "account_email_verification_sent": (302, 302),
    "account_change_password": (302, 200),
    "account_set_password": (302, 302),
    "account_reset_password": (200, 200),
    "account_confirm_login_code": (302, 302),
    "account_confirm_password_reset_code": (302, 302),
    "account_complete_password_reset": (302, 302),
    "account_password_reset_completed": (200, 200),
    "mfa_index": (302, 200),
    "mfa_authenticate": (302, 302),
    "mfa_reauthenticate": (302, 302),
    "mfa_activate_totp": (302, 302),
    "mfa_deactivate_totp": (302, 404),
    "mfa_view_recovery_codes": (302, 404),
    "mfa_generate_recovery_codes": (302, 302),
    "mfa_download_recovery_codes": (302, 404),
    "usersessions_list": (302, 200),
}
