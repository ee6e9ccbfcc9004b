"""API tokens: programs that act for a person, as far as the person says and may."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import security
from manager.web.refused import Refused
from organizations.access import Access
from organizations.actions.still import hold
from organizations.events import record
from organizations.roles import Right
from products.access import decide
from products.kinds import Permission
from products.models import ApiToken, ApiTokenProduct, Product
from products.tokens import held_anywhere, sentences

PREFIX = "prt_"
MOST = 20
LONGEST = timedelta(days=367)
# How exactly "last used" is kept.
USED = timedelta(minutes=1)


def digest(raw: str) -> str:
    """What is kept of a token: it is random enough that nothing slower is needed."""
    return sha256(raw.encode()).hexdigest()


@transaction.atomic(durable=True)
def create(
    *, name: str, permissions: Iterable[str], products: Iterable[Product] | None, until: datetime, by: Access
) -> tuple[ApiToken, str]:
    """A token of this person opens these products, or all they see, until then. Returned with its raw text.

    Refused beyond what the person holds now, for longer than a year, and with a name that another one has.
    """
    by = hold(by, Right.SEE)
    chosen = None if products is None else list(products)
    wanted = {*permissions, Permission.VIEW.value}
    check_end(until)
    check_room(name, by)
    check_rights(wanted, chosen, by)
    raw = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        organization=by.organization,
        user=by.user,
        name=name,
        prefix=raw[:12],
        digest=digest(raw),
        permissions=sorted(wanted),
        all_products=chosen is None,
        expires_at=until,
    )
    rows = [ApiTokenProduct(token=token, product=product, organization=by.organization) for product in chosen or ()]
    ApiTokenProduct.objects.bulk_create(rows)
    told: dict[str, Any] = {"permissions": sorted(wanted), "until": until.isoformat()}
    told["products"] = "all" if chosen is None else [str(product) for product in chosen[:MOST]]
    record("token.create", token, by=by, organization=by.organization, **told)
    security.note(by.user, "token.create", by.address, name=name, organization=str(by.organization))
    return token, raw


@transaction.atomic(durable=True)
def revoke(token: ApiToken, *, by: Access) -> ApiToken:
    """The token opens nothing any more. Refused for somebody else's, without the right to manage users."""
    by = hold(by)
    token = ApiToken.objects.select_related("user").get(organization=by.organization, pk=token.pk)
    if token.user != by.user and not (decision := by.decide(Right.MEMBERS)):
        raise Refused(decision.reason)
    if token.revoked_at:
        return token
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record("token.revoke", token, by=by, organization=by.organization, person=str(token.user))
    # Where somebody else was when they did it is not this person's to read.
    origin = by.address if token.user == by.user else None
    security.note(token.user, "token.revoke", origin, name=token.name, organization=str(by.organization))
    return token


def note_use(token: ApiToken, address: str | None) -> None:
    """The list of tokens says when this one was used last, and from where."""
    now = timezone.now()
    if token.last_used_at and now - token.last_used_at < USED:
        return
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=now, last_used_address=address)


def check_end(until: datetime) -> None:
    if until <= timezone.now():
        raise Refused(_("This day has passed."), field="until")
    if until > timezone.now() + LONGEST:
        raise Refused(_("A token is valid for a year at most."), field="until")


def check_room(name: str, by: Access) -> None:
    """Refused when this person has too many tokens that are valid, or one with this name."""
    valid = ApiToken.objects.filter(organization=by.organization, user=by.user).valid()
    names = {taken.casefold() for taken in valid.values_list("name", flat=True)}
    if name.casefold() in names:
        raise Refused(_("You have a token with this name. Choose another one, or revoke it first."), field="name")
    if len(names) >= MOST:
        raise Refused(
            _("You have %(number)d valid tokens in %(organization)s, and more are not possible. Revoke one first.")
            % {"number": len(names), "organization": by.organization}
        )


def check_rights(wanted: set[str], chosen: list[Product] | None, by: Access) -> None:
    """Refused where the person does not hold what the token would. The products come from `with_rights`."""
    if chosen is None:
        # Seeing whatever one sees: that may be nothing yet.
        if wanted - held_anywhere(by) - {Permission.VIEW.value}:
            raise Refused(_("A token has no rights that you lack."), field="permissions")
        return
    if not chosen:
        raise Refused(_("Choose at least one product."), field="products")
    for permission in sorted(wanted):
        # A permission of another kind means nothing on a product; it has to mean something on one of them.
        meant = [product for product in chosen if permission in product.kind.all_permissions]
        if not meant:
            text = _("“%(right)s” means nothing on the products you chose.")
            raise Refused(text % {"right": sentences().get(permission, permission)}, field="permissions")
        for product in meant:
            if not (decision := decide(by, permission, product)):
                raise Refused(decision.reason, field="permissions")
