"""Who gives which rights to whom. A subject is a member or a team; a target is one product, or a whole kind."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from manager.web.refused import Refused
from organizations import lasting
from organizations.access import Access
from organizations.actions.still import hold
from organizations.events import record_each
from organizations.models import Membership, Team
from organizations.roles import RIGHTS, Right, Role
from products.access import decide
from products.actions.holding import Place, Subject, replace
from products.kinds import Kind, Permission, Preset
from products.models import Product

Target = Product | Kind
# Each product has its line in the log, and a row for each permission.
MOST = 2000
OWN_TEAM = gettext_lazy("You are in this team, and nobody changes their own rights. Ask an administrator who is not.")


@transaction.atomic(durable=True)
def set_level(product: Product, user: User, level: Preset | None, *, by: Access) -> None:
    """The member has exactly the permissions of this level on the product; None takes all direct ones away."""
    set_rights(user, product, product.kind.preset(level) if level else (), by=by)


@transaction.atomic(durable=True)
def give(
    subject: Subject,
    targets: Iterable[Target],
    permissions: Iterable[str],
    *,
    until: datetime | None = None,
    by: Access,
) -> None:
    """As `set_rights`, for several targets at once: all of them, or none. Refused for more than fit in one request."""
    targets = list(targets)
    if len(targets) > MOST:
        text = _("These are %(number)d products, too many one by one. Give rights on all of the kind instead.")
        raise Refused(text % {"number": len(targets)})
    _set(subject, targets, frozenset(permissions), until, by)


@transaction.atomic
def set_rights(
    subject: Subject, target: Target, permissions: Iterable[str], *, until: datetime | None = None, by: Access
) -> None:
    """The subject holds exactly these permissions on the target, until then; none takes all direct ones away.

    Whoever may do something with a product may also see it. In the caller's transaction. Refused: for oneself, for who
    has every product by role, for who is no member, beyond what the giver holds, and for an end that has passed.
    """
    _set(subject, [target], frozenset(permissions), until, by)


def _set(
    subject: Subject, targets: list[Target], permissions: frozenset[str], until: datetime | None, by: Access
) -> None:
    """Holds the organization, then the products in the order of their ids; what `by` may is read after that."""
    by = hold(by)
    organization = by.organization
    check_subject(subject, by)
    whole = [target for target in targets if isinstance(target, Kind)]
    places = _locked([target for target in targets if isinstance(target, Product)], by)
    every: list[Target] = [*whole, *places]
    for target in every:
        check_giver(target, fitting(target, permissions), by)
    if until and until <= timezone.now():
        raise Refused(_("This day has passed."), field="until")
    lines: list[tuple[Place, dict[str, Any]]] = []
    for kind in whole:
        wanted = {f"{kind.slug}.{name}" for name in fitting(kind, permissions)}
        within = [f"{kind.slug}.{name}" for name in kind.all_permissions]
        changed = replace(subject, [organization], {organization.pk: wanted}, within=within, until=until, giver=by.user)
        for before in changed.values():
            names = {codename.removeprefix(f"{kind.slug}.") for codename in before}
            lines.append((organization, _told(subject, kind, names, fitting(kind, permissions), until)))
            lines[-1][1]["kind"] = kind.slug
    if places:
        wanted_by_id = {product.pk: fitting(product, permissions) for product in places}
        within = sorted({name for product in places for name in product.kind.all_permissions})
        before_by_id = replace(subject, places, wanted_by_id, within=within, until=until, giver=by.user)
        for product in places:
            if product.pk in before_by_id:
                before, after = before_by_id[product.pk], wanted_by_id[product.pk]
                lines.append((product, _told(subject, product.kind, before, after, until)))
    if any(details["permissions"][0] for _place, details in lines):
        # What somebody has is changed by who manages users.
        by.require(Right.MEMBERS)
    record_each("grant.set", lines, by=by, organization=organization)
    for user in _people(subject) if lines else ():
        lasting.match(organization, user, by=by)


def fitting(target: Target, permissions: frozenset[str]) -> set[str]:
    """Those of the permissions that the target knows. Whoever holds any also sees it."""
    kind = target.kind if isinstance(target, Product) else target
    wanted = permissions & set(kind.all_permissions)
    return {*wanted, Permission.VIEW.value} if wanted else set()


def _people(subject: Subject) -> list[User]:
    return [subject] if isinstance(subject, User) else list(subject.group.user_set.order_by("pk"))


def _locked(products: list[Product], by: Access) -> list[Product]:
    """The rows, nobody else's until the transaction ends, with what `by` may on each. Refused unless all are here."""
    pks = {product.pk for product in products}
    if not pks:
        return []
    rows = Product.objects.select_for_update(of=("self",)).filter(pk__in=pks, organization=by.organization)
    found = list(rows.with_rights(by).order_by("pk"))
    if len(found) < len(pks):
        raise Refused(_("The product is no longer in %(organization)s.") % {"organization": by.organization})
    return found


def _told(
    subject: Subject, kind: Kind, before: Iterable[str], after: Iterable[str], until: datetime | None
) -> dict[str, Any]:
    """For the log. `kind` names the kind where all of it is meant."""
    after = sorted(after)
    return {
        "person": str(subject),
        "team": isinstance(subject, Team),
        "kind": "",
        "level": (kind.level_of(after) or "custom") if after else "none",
        "permissions": [sorted(before), after],
        "until": until.isoformat() if until else "",
    }


def includes(team: Team, by: Access) -> bool:
    """Whoever gives something to this team gives it to themselves."""
    return team.group.user_set.filter(pk=by.user.pk).exists()


def check_subject(subject: Subject, by: Access) -> None:
    """Refused for who may not be given rights here."""
    here = by.organization
    if isinstance(subject, Team):
        if subject.organization_id != here.pk:
            raise Refused(_("This team belongs to another organization."))
        if not Team.objects.filter(organization=here, pk=subject.pk).exists():
            raise Refused(_("This team is gone."))
        if includes(subject, by):
            raise Refused(OWN_TEAM)
        return
    member = Membership.objects.filter(organization=here, user=subject).first()
    if member is None:
        raise Refused(_("This person is not a user of %(organization)s.") % {"organization": here})
    if subject == by.user:
        raise Refused(_("Nobody changes their own rights. Ask another administrator."))
    if Right.ALL_PRODUCTS in RIGHTS[Role(member.role)]:
        raise Refused(_("%(person)s has every product by role.") % {"person": subject})


def check_giver(target: Target, wanted: Iterable[str], by: Access) -> None:
    """Refused to who would give more than they hold."""
    if isinstance(target, Product):
        # Of who has every product by role nothing else needs to be asked, however many there are.
        every = by.may(Right.ALL_PRODUCTS) and by.narrowing is None and target.organization_id == by.organization.pk
        held = every or all(decide(by, permission, target) for permission in wanted)
    else:
        whole = by.kind_permissions
        held = by.may(Right.ALL_PRODUCTS) or all(f"{target.slug}.{permission}" in whole for permission in wanted)
    if not held:
        raise Refused(_("Nobody gives more rights than they have."))
