"""Who gets what: every named address, by method and person. A name that is missing here fails the suite.

A cell is the status of the full page. The fragment has the same, but that a redirect (303, or 302 to the sign-in page)
is a 200 that tells htmx where to go.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from organizations import tenancy
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
    # HEAD is answered as GET is.
    head: bool = False
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


def member_of(world: World, person: str) -> int:
    from organizations.models import Membership

    with tenancy.scope(world.acme.pk):
        return Membership.objects.get(organization=world.acme, user=world.users[person]).pk


def on_member(person: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"organization": "acme", "member": member_of(world, person)}


def on_team(world: World) -> dict[str, Any]:
    return {"organization": "acme", "team": world.team.pk}


def rights(world: World) -> dict[str, Any]:
    product = world.products["hosting"].pk
    here = {"kind_slug": "hosting", "target": "", "product": product}
    return here | {"level": "custom", "permissions": "configure", "until": "2030-01-31"}


def on_collaborator(status: int) -> Statuses:
    """For administrators, and for the member's own eyes; the other members find nothing."""
    hidden = dict.fromkeys((person for person in ACTIVE if person not in (*CHIEFS, "collaborator")), 404)
    return dict(in_acme((*CHIEFS, "collaborator"), status)) | hidden


def by_token(status: int) -> Statuses:
    """Programs only: a session opens nothing."""
    return everybody(401) | {"token": status}


def owners_token(world: World) -> Any:
    from products.models import ApiToken

    return ApiToken.objects.create(pk=4715, organization=world.acme, user=world.users["owner"], name="Backup")


def open_order(world: World) -> Any:
    from billing.models import Order

    return Order.objects.create(
        pk=4711, organization=world.acme, key=world.products["email"].key, currency="CHF", net=0, tax=0, total=0
    )


def invoiced(world: World) -> Any:
    """The order is paid, with an invoice of one line."""
    from billing.models import Invoice, Order

    line = {"plan_id": 1, "plan": "Basic", "name": "acme.ch", "months": 12, "tax_rate": 81, "reasons": {}}
    sums = {"net": 1000, "tax": 81, "total": 1081}
    document = {"buyer": {"name": "Acme", "city": "Zürich", "country": "CH"}, "lines": [line | sums]}
    return Invoice.objects.create(
        organization=world.acme,
        number="2026-000007",
        order=Order.objects.filter(organization=world.acme).first() or open_order(world),
        currency="CHF",
        document=document,
        **sums,
    )


def failed_job(world: World) -> Any:
    from products.models import Job

    product = world.products["hosting"]
    return Job.objects.create(pk=4712, organization=world.acme, product=product, verb="apply", state="failed")


class Upload(SimpleUploadedFile):
    """May be sent several times; in an address it is its name."""

    def read(self, *args: Any) -> bytes:
        self.file.seek(0)
        return self.file.read(*args)

    def __iter__(self) -> Iterator[str]:
        yield self.name


def picture() -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


def logo(world: World) -> None:
    from organizations.models import Logo

    Logo.objects.create(organization=world.acme, png=picture())
    world.acme.logo_digest = "0123456789abcdef"
    world.acme.save()


def organization_data(world: World) -> dict[str, Any]:
    return {
        "key": "7e7c2b9e-0d3c-4a9b-8f43-3a2f1c1d0e55",
        "form": "company",
        "name": "Third",
        "street": "Weg 1",
        "postcode": "8000",
        "city": "Zürich",
        "country": "CH",
        "phone": "+41 44 123 45 67",
        "vat_number": "CHE-107.787.577 MWST",
    }


def php(world: World) -> dict[str, Any]:
    return {"php_version": world.products["hosting"].hosting.php_version}


def asked(person: str) -> Callable[[World], Any]:
    """That person asked for the billing right; who has it already is passed over by the one who grants."""

    def prepare(world: World) -> Any:
        from products.models import AccessRequest

        return AccessRequest.objects.create(pk=4713, organization=world.acme, user=world.users[person], right="billing")

    return prepare


ORDERS = (*CHIEFS, "biller", "orderer")
ORDERERS = (*CHIEFS, "orderer")

MATRIX: dict[str, Row] = {
    # Anybody
    "landing": Row(get=signed_in(302), public=True),
    "live": Row(get=everybody(200), public=True),
    # Only where the portal is developed.
    "gallery": Row(get=everybody(404), public=True),
    "worker": Row(get=everybody(200), public=True),
    "offline": Row(get=everybody(200), public=True),
    "terms": Row(get=everybody(200), public=True),
    "trouble": Row(get=everybody(200), public=True),
    "help": Row(get=everybody(200), public=True),
    "guide": Row(get=everybody(200), public=True, arguments=lambda world: {"slug": "teams"}),
    "guide_feedback": Row(
        get=everybody(200),
        post=everybody(303),
        public=True,
        arguments=lambda world: {"slug": "teams"},
        data=lambda world: {"helpful": "yes"},
    ),
    "language": Row(post=everybody(303), public=True, data=lambda world: {"language": "fr"}),
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
    "security_log": Row(get=signed_in(200)),
    "notifications": Row(get=signed_in(200)),
    "notifications_read": Row(post=signed_in(303)),
    # Somebody else's: nobody's.
    "notification_open": Row(post=signed_in(404), arguments=lambda world: {"notification": 4713}),
    # Somebody else's device: nobody's.
    "session_end": Row(post=signed_in(404), arguments=lambda world: {"session": 4713}),
    "organizations": Row(get=signed_in(200)),
    "everywhere": Row(get=signed_in(200)),
    "search_everywhere": Row(get=signed_in(200)),
    "organization_create": Row(get=signed_in(200), post=signed_in(303), data=organization_data),
    "checkout": Row(get=signed_in(302), post=signed_in(302)),  # no cart: back to it
    "health": Row(get=signed_in(404) | {"staff": 200}),
    "staff_help": Row(get=signed_in(404) | {"staff": 200}),
    # In the organization used last, or to choose one.
    "help_go": Row(get=signed_in(302), arguments=lambda world: {"name": "members"}),
    # Organization
    "home": Row(get=in_acme(ACTIVE, 200), arguments=acme()),
    "search": Row(get=in_acme(ACTIVE, 200), arguments=acme()),
    "members": Row(get=in_acme(CHIEFS, 200), arguments=acme()),
    "member_rights": Row(
        get=in_acme(CHIEFS, 200),
        post=in_acme(CHIEFS, 303),
        arguments=on_member("collaborator"),
        data=rights,
    ),
    "teams": Row(get=in_acme(CHIEFS, 200), arguments=acme()),
    "team_create": Row(
        get=in_acme(CHIEFS, 200),
        post=in_acme(CHIEFS, 303),
        arguments=acme(),
        data=lambda world: {"name": "Design", "tone": "pink"},
    ),
    "team": Row(get=in_acme(CHIEFS, 200), arguments=on_team),
    "team_edit": Row(
        get=in_acme(CHIEFS, 200),
        post=in_acme(CHIEFS, 303),
        arguments=on_team,
        data=lambda world: {"name": "Web", "tone": "pink", "leader": world.users["teammate"].pk},
    ),
    "team_delete": Row(post=in_acme(CHIEFS, 303), arguments=on_team),
    "team_add": Row(
        get=in_acme(CHIEFS, 200),
        post=in_acme(CHIEFS, 303),
        arguments=on_team,
        data=lambda world: {"member": member_of(world, "collaborator")},
    ),
    "team_remove": Row(
        post=in_acme(CHIEFS, 303), arguments=on_team, data=lambda world: {"member": member_of(world, "teammate")}
    ),
    "team_rights": Row(get=in_acme(CHIEFS, 200), post=in_acme(CHIEFS, 303), arguments=on_team, data=rights),
    "members_change": Row(
        post=in_acme(CHIEFS, 303),
        arguments=acme(),
        data=lambda world: {"action": "suspend", "member": member_of(world, "collaborator"), "team": world.team.pk},
    ),
    "members_remind": Row(post=in_acme(CHIEFS, 303), arguments=acme()),
    "member": Row(get=on_collaborator(200), arguments=on_member("collaborator")),
    "member_role": Row(
        post=in_acme(CHIEFS, 303),
        arguments=on_member("collaborator"),
        data=lambda world: {"role": "collaborator", "may_order": "on", "has_billing": "on"},
    ),
    "member_expiry": Row(
        post=in_acme(CHIEFS, 303),
        arguments=on_member("collaborator"),
        data=lambda world: {"until": str(date.today() + timedelta(days=30))},
    ),
    "member_prefer": Row(
        post=on_collaborator(303),
        arguments=on_member("collaborator"),
        data=lambda world: {"wants_billing_mail": "on", "wants_product_mail": "on"},
    ),
    "member_suspend": Row(post=in_acme(CHIEFS, 303), arguments=on_member("collaborator")),
    "member_restore": Row(post=in_acme(CHIEFS, 303), arguments=on_member("suspended")),
    "member_remove": Row(get=in_acme(CHIEFS, 200), post=in_acme(CHIEFS, 303), arguments=on_member("collaborator")),
    "bulk_start": Row(
        post=dict(in_acme(LOOKS, 303)) | dict.fromkeys(("biller", "orderer", "collaborator"), 422),
        arguments=acme(kind="hosting"),
        data=lambda world: {"action": "observe", "product": world.products["hosting"].pk, "key": UUID(int=7)},
    ),
    # Somebody's run that is not there: nobody's.
    "bulk_run": Row(get=in_acme(ACTIVE, 404), arguments=acme(run=4713)),
    "bulk_retry": Row(post=in_acme(ACTIVE, 404), arguments=acme(run=4713)),
    "saved_views": Row(
        get=in_acme(ACTIVE, 200),
        post=in_acme(ACTIVE, 303),
        arguments=acme(listing="product_list:hosting"),
        data=lambda world: {"name": "Mine", "query": "state=active"},
    ),
    # Somebody else's: nobody's.
    "saved_view_delete": Row(post=in_acme(ACTIVE, 404), arguments=acme(view=4713)),
    "my_membership": Row(get=in_acme(ACTIVE, 200), arguments=acme()),
    "organization_leave": Row(
        get=in_acme(ACTIVE, 200), post=dict(in_acme(ACTIVE, 303)) | {"owner": 422}, arguments=acme()
    ),
    "view_as": Row(post=in_acme(CHIEFS, 303), arguments=on_member("collaborator")),
    "view_as_stop": Row(post=signed_in(303), data=lambda world: {"organization": "acme"}),
    "sign_in_rules": Row(get=in_acme(CHIEFS, 200), arguments=acme()),
    "second_factor_require": Row(
        post=in_acme(CHIEFS, 303),
        arguments=acme(),
        data=lambda world: {"start": (timezone.localdate() + timedelta(days=14)).isoformat()},
    ),
    "second_factor_release": Row(post=in_acme(CHIEFS, 303), arguments=acme()),
    "activity": Row(get=in_acme(ACTIVE, 200), arguments=acme()),
    "activity_export": Row(post=in_acme(ACTIVE, 200), arguments=acme()),
    "organization_settings": Row(
        get=in_acme(CHIEFS, 200), post=in_acme(CHIEFS, 303), arguments=acme(), data=organization_data
    ),
    # Requests: who has everything is refused on the page, and nobody withdraws what somebody else asked for.
    "access_requests": Row(get=in_acme(ACTIVE, 200), arguments=acme()),
    "access_request_create": Row(
        post=in_acme(ACTIVE, 303) | dict.fromkeys(CHIEFS, 422),
        arguments=acme(),
        data=lambda world: {"right": "edit", "product": "", "message": "For the fair", "next": "/o/acme/"},
    ),
    "access_request_grant": Row(post=in_acme(CHIEFS, 303), arguments=acme(number=4713), prepare=asked("collaborator")),
    "access_request_decline": Row(
        post=in_acme(CHIEFS, 303),
        arguments=acme(number=4713),
        prepare=asked("collaborator"),
        data=lambda world: {"reply": "Not now"},
    ),
    "access_request_withdraw": Row(
        post=in_acme(ACTIVE, 404) | {"collaborator": 303},
        arguments=acme(number=4713),
        prepare=asked("collaborator"),
    ),
    "organization_set_logo": Row(
        post=in_acme(CHIEFS, 303),
        arguments=acme(),
        data=lambda world: {"logo": Upload("logo.png", picture(), "image/png")},
    ),
    "organization_remove_logo": Row(post=in_acme(CHIEFS, 303), arguments=acme()),
    "organization_logo": Row(get=in_acme(ACTIVE, 200), arguments=acme(digest="0123456789abcdef"), prepare=logo),
    # With products and members in the way: who may delete is told so.
    "organization_delete": Row(
        get=in_acme(("owner",), 200),
        post=in_acme(("owner",), 422),
        arguments=acme(),
        data=lambda world: {"name": "Acme"},
    ),
    # Invitations
    "invitations": Row(get=in_acme(CHIEFS, 200), arguments=acme()),
    "invite": Row(
        get=in_acme(CHIEFS, 200), post=in_acme(CHIEFS, 303), arguments=acme(), data=lambda world: invitation_data(world)
    ),
    "invitation_resend": Row(
        post=in_acme(CHIEFS, 303), arguments=acme(invitation=4713), prepare=lambda world: open_invitation(world)
    ),
    "invitation_revoke": Row(
        post=in_acme(CHIEFS, 303), arguments=acme(invitation=4713), prepare=lambda world: open_invitation(world)
    ),
    # Whoever holds the link of an invitation: it opens for the invited person, and before signing in.
    "invitation": Row(
        get=everybody(404) | {"invited": 200} | dict.fromkeys(UNKNOWN, 200),
        public=True,
        arguments=lambda world: {"token": invitation_token(world)},
        prepare=lambda world: proved(world, "invited"),
    ),
    **{
        f"invitation_{verb}": Row(
            post=signed_in(404) | {"invited": 303},
            arguments=lambda world: {"token": invitation_token(world)},
            prepare=lambda world: proved(world, "invited"),
        )
        for verb in ("accept", "decline")
    },
    # Transfers: who may order but does not see the product cannot give it away.
    "transfers": Row(get=in_acme(ORDERERS, 200), arguments=acme()),
    "transfer_create": Row(
        get=in_acme(ORDERERS, 200),
        post=in_acme(ORDERERS, 303) | {"orderer": 422},
        arguments=acme(),
        data=lambda world: transfer_data(world),
    ),
    # Who may order but does not see the products knows nothing of a transfer of somebody else's.
    "transfer": Row(
        get=in_acme(ORDERERS, 200) | {"orderer": 404},
        arguments=acme(number=4713),
        prepare=lambda world: open_transfer(world),
    ),
    "transfer_withdraw": Row(
        post=in_acme(ORDERERS, 303) | {"orderer": 404},
        arguments=acme(number=4713),
        prepare=lambda world: open_transfer(world),
    ),
    "transfer_undo": Row(
        post=in_acme(ORDERERS, 303) | {"orderer": 404},
        arguments=acme(number=4713),
        prepare=lambda world: received_transfer(world),
    ),
    # Whoever holds the link may read and decline; only who orders for another organization may take.
    "transfer_link": Row(
        get=signed_in(200),
        arguments=lambda world: {"token": transfer_token(world)},
        prepare=lambda world: open_transfer(world),
    ),
    "transfer_accept": Row(
        post=signed_in(422) | {"outsider": 303},
        arguments=lambda world: {"token": transfer_token(world)},
        data=lambda world: {"organization": "other"},
        prepare=lambda world: open_transfer(world),
    ),
    "transfer_decline": Row(
        post=signed_in(303),
        arguments=lambda world: {"token": transfer_token(world)},
        prepare=lambda world: open_transfer(world),
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
    "invoice": Row(
        get=in_acme((*CHIEFS, "biller"), 200),
        arguments=acme(number="2026-000007"),
        prepare=lambda world: invoiced(world),
    ),
    # Products
    "product_list": Row(get=in_acme(ACTIVE, 200), arguments=acme(kind="hosting")),
    "product": Row(get=on_product(LOOKS, LOOKS, 200), arguments=product_of("hosting")),
    "product_activity": Row(get=on_product(LOOKS, LOOKS, 200), arguments=product_of("hosting")),
    "product_billing": Row(get=on_product(LOOKS, CHIEFS, 200), arguments=product_of("hosting")),
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
    # Programs
    "api_tokens": Row(get=in_acme(ACTIVE, 200), arguments=acme()),
    "api_token_create": Row(
        get=in_acme(ACTIVE, 200),
        post=in_acme(ACTIVE, 200),
        arguments=acme(),
        data=lambda world: {"name": "Script", "reach": "all", "lasts": "30"},
    ),
    # Somebody else's: for whoever manages users.
    "api_token_revoke": Row(post=on_product(CHIEFS, CHIEFS, 303), arguments=acme(token=4715), prepare=owners_token),
    "api_products": Row(get=by_token(200), arguments=acme(), public=True, head=True),
    "api_product": Row(
        get=by_token(200),
        arguments=lambda world: {"organization": "acme", "product": world.products["hosting"].pk},
        public=True,
        head=True,
    ),
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


def open_invitation(world: World) -> Any:
    from organizations.models import Invitation

    owner = world.users["owner"]
    return Invitation.objects.create(pk=4713, organization=world.acme, email="late@example.com", invited_by=owner)


def invitation_data(world: World) -> dict[str, Any]:
    names = {"emails": "new@example.com", "role": "collaborator", "may_order": "on", "ends": "", "find": ""}
    rights = {"kind-hosting": "viewer", f"product-{world.products['domains'].pk}": "technical"}
    return names | rights | {"teams": world.team.pk, "message": "Welcome", "wants_product_mail": "on"}


def invitation_token(world: World) -> str:
    from organizations import invitations
    from organizations.models import Invitation

    return invitations.token(Invitation.objects.get(email=world.users["invited"].email))


def proved(world: World, person: str) -> Any:
    """The person has proved their address."""
    from allauth.account.models import EmailAddress

    user = world.users[person]
    return EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


TRANSFER_KEY = UUID("3f0b4f7c-53a7-4a3e-8f0e-6d1f6c1f2f11")


def transfer_data(world: World) -> dict[str, Any]:
    data = {"product": world.products["hosting"].pk, "to": "link", "organization": "", "email": "", "message": "Yours"}
    return data | {"key": "7e7c2b9e-0d3c-4a9b-8f43-3a2f1c1d0e56", "confirm": "1"}


def open_transfer(world: World) -> Any:
    return transfer_of(world, organization=world.acme, created_by=world.users["owner"])


def received_transfer(world: World) -> None:
    now = {"state": "accepted", "accepted_at": timezone.now(), "accepted_by": world.users["owner"]}
    with tenancy.scope(world.other.pk):
        transfer_of(world, organization=world.other, target=world.acme, created_by=world.users["outsider"], **now)


def transfer_of(world: World, **fields: Any) -> None:
    """Acme's hosting moves, or has moved."""
    from products.models import Transfer, TransferItem

    hosting, sides = world.products["hosting"], {name: fields.get(name) for name in ("organization", "target")}
    made = Transfer.objects.create(pk=4713, key=TRANSFER_KEY, **fields)
    TransferItem.objects.create(transfer=made, product=hosting, name=hosting.name, kind_slug="hosting", **sides)


def transfer_token(world: World) -> str:
    from organizations import signed_links

    return signed_links.sign("transfer", world.acme.pk, TRANSFER_KEY)


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
    "mfa_list_webauthn": (302, 200),
    "mfa_add_webauthn": (302, 302),
    "mfa_edit_webauthn": (302, 302),
    "mfa_remove_webauthn": (302, 302),
    "mfa_reauthenticate_webauthn": (302, 302),
    "mfa_login_webauthn": (302, 302),
    "usersessions_list": (302, 200),
}
