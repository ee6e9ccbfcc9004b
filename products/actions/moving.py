"""Products change their organization, with every row that is theirs.

Each function is a part of its caller's transaction, in the scope of both organizations; the products are locked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from organizations import lasting
from organizations.events import Actor, record
from organizations.models import Membership, Organization, Team
from organizations.roles import Right
from products import kinds
from products.actions.holding import BATCH, clear_ended
from products.models import (
    AccessRequest,
    ApiTokenProduct,
    Job,
    Product,
    ProductGroupGrant,
    ProductUserGrant,
    TransferItem,
)
from products.models.request import RequestState
from products.permissions import ids

# {"user": id or "team": id, "permissions": [...], "until": ISO 8601 or null, "by": user id or null}
Grant = dict[str, Any]


def tables() -> Iterator[type[Model]]:
    """What belongs to a product and moves with it: its work, and what its kind keeps of it.

    Orders stay with who paid; grants, tokens and requests end.
    """
    yield Job
    modules = tuple(f"{kind.module}." for kind in kinds.every())
    for model in apps.get_models():
        if model.__module__.startswith(modules) and any(each.name == "organization" for each in model._meta.fields):
            yield model


def move(products: Sequence[Product], target: Organization, *, by: Actor | None) -> dict[int, list[Grant]]:
    """The products belong to the target. Returned is who held which rights on them, by product: these have ended.

    Whoever lost something is told in the name of `by`.
    """
    source, pks = products[0].organization, [product.pk for product in products]
    for table in (ProductUserGrant, ProductGroupGrant):
        clear_ended(table._default_manager.filter(content_object__in=pks))
    ended = grants(pks)
    people = holders(source, ended)
    for table in (ProductUserGrant, ProductGroupGrant):
        table._default_manager.filter(content_object__in=pks).delete()
    ApiTokenProduct.objects.filter(product__in=pks).delete()
    close_requests(source, pks, by)
    Product.objects.filter(pk__in=pks).update(organization=target)
    for model in tables():
        model._default_manager.filter(product__in=pks).update(organization=target)
    for product in products:
        product.organization = target
    for person in people:
        lasting.match(source, person, by=by)
    return ended


def grants(pks: Iterable[int]) -> dict[int, list[Grant]]:
    """The rights on single products, by product."""
    found: dict[int, dict[tuple[Any, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
    for table, subject, path in ((ProductUserGrant, "user", "user"), (ProductGroupGrant, "team", "group__team")):
        rows = table._default_manager.filter(content_object__in=pks).exclude(**{path: None})
        names = ("content_object", path, "granted_by", "expires_at", "permission__codename")
        for product, holder, giver, until, codename in rows.order_by("pk").values_list(*names):
            found[product][subject, holder, giver, until].append(codename)
    return {
        product: [
            {subject: holder, "permissions": sorted(names), "until": until and until.isoformat(), "by": giver}
            for (subject, holder, giver, until), names in rows.items()
        ]
        for product, rows in found.items()
    }


def holders(organization: Organization, given: dict[int, list[Grant]]) -> list[User]:
    """The members who hold these rights, also through their teams."""
    every = [grant for rows in given.values() for grant in rows]
    users = {grant["user"] for grant in every if "user" in grant}
    teams = {grant["team"] for grant in every if "team" in grant}
    if teams:
        inside = Team.objects.filter(organization=organization, pk__in=teams)
        users |= set(inside.exclude(group__user=None).values_list("group__user", flat=True))
    members = User.objects.filter(memberships__organization=organization, pk__in=users)
    return list(members.order_by("pk")) if users else []


def close_requests(organization: Organization, pks: Sequence[int], by: Actor | None) -> None:
    """Nobody waits for rights on what is not there any more."""
    reply = _("The product is no longer in %(organization)s.") % {"organization": organization}
    rows = AccessRequest.objects.filter(organization=organization, product__in=pks, state=RequestState.OPEN)
    for request in rows.select_related("user", "product"):
        request.state, request.reply, request.decided_at = RequestState.WITHDRAWN, reply, timezone.now()
        request.save(update_fields=["state", "reply", "decided_at"])
        assert request.product is not None
        told = {"right": request.right, "kind": request.product.kind_slug, "person": str(request.user), "reply": reply}
        record("request.void", request.product, by=by, organization=organization, **told)


def restore(items: Iterable[TransferItem], organization: Organization, *, since: datetime | None) -> None:
    """The rights that had ended are there again, for teams that still exist and people who have been members since.

    Who left meanwhile lost them for good, and gets none back with a new membership.
    """
    rows = Membership.objects.filter(organization=organization)
    members = {member.user_id: member.created_at for member in rows if Right.ALL_PRODUCTS not in member.rights}
    stayed = {user for user, joined in members.items() if since and joined <= since}
    teams = dict(Team.objects.filter(organization=organization).values_list("pk", "group"))
    items = list(items)
    givers = {grant["by"] for item in items for grant in item.grants}
    givers = set(User.objects.filter(pk__in=givers - {None}).values_list("pk", flat=True))
    numbers, now = ids(Product), timezone.now()
    direct, through_teams = [], []
    for item, grant in ((each, grant) for each in items for grant in each.grants):
        until = grant["until"] and datetime.fromisoformat(grant["until"])
        if until and until <= now:
            continue
        for codename in (name for name in grant["permissions"] if name in numbers):
            row = {
                "content_object_id": item.product_id,
                "permission_id": numbers[codename],
                "granted_by_id": grant["by"] if grant["by"] in givers else None,
                "expires_at": until,
            }
            if grant.get("user") in stayed:
                direct.append(ProductUserGrant(user_id=grant["user"], **row))
            elif grant.get("team") in teams:
                through_teams.append(ProductGroupGrant(group_id=teams[grant["team"]], **row))
    ProductUserGrant.objects.bulk_create(direct, batch_size=BATCH)
    ProductGroupGrant.objects.bulk_create(through_teams, batch_size=BATCH)
    for person in holders(organization, {item.product_id: item.grants for item in items}):
        if person.pk in members:
            lasting.match(organization, person, by=None)
