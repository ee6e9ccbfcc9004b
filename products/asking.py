"""What somebody who lacks something may ask the administrators for, and what granting it means."""

from django.utils.translation import gettext as _

from organizations.access import Access
from organizations.decisions import Decision
from organizations.roles import FLAGS, RIGHTS, Right, Role
from products import kinds
from products.access import decide
from products.kinds import Kind
from products.models import AccessRequest, Product
from products.models.product import State

# In place of a right: rights on products that the person cannot name. Whoever grants it chooses them.
PRODUCTS = "products"
# By a flag on the membership of a collaborator; by becoming an administrator.
BY_FLAG = {Right.ORDER: "may_order", Right.BILLING: "has_billing"}
BY_ROLE = frozenset(RIGHTS[Role.ADMINISTRATOR]) - {Right.SEE} - BY_FLAG.keys()
OFFERED = (PRODUCTS, *BY_FLAG, *sorted(BY_ROLE))


def refusal(access: Access, right: str, product: Product | None = None) -> str:
    """Why this person cannot ask for it; empty when they can.

    With `product`, one that they see, with their rights on it, `right` is a permission on it.
    """
    if access.viewer or access.narrowing:
        return _("Only the person who lacks it can ask for it.")
    if not (seeing := access.decide(Right.SEE)):
        return str(seeing.reason)
    if product is not None:
        if right not in product.kind.all_permissions:
            return _("There is no such right.")
        if product.state == State.CANCELLED:
            return _("Nothing is left of this product.")
        return _("You have it already.") if decide(access, right, product) else ""
    if right not in OFFERED:
        return _("This right is not given on request.")
    held = access.may(Right.ALL_PRODUCTS if right == PRODUCTS else Right(right))
    return _("You have it already.") if held else ""


def can_be_asked(access: Access, decision: Decision) -> bool:
    """What is missing here can be asked for. The product of the decision is on the page, so the person sees it."""
    if decision.allowed or access.viewer or access.narrowing or not access.may(Right.SEE):
        return False
    return decision.product is not None or decision.right in OFFERED


def offered(access: Access) -> list[tuple[str, str]]:
    """What the person can ask for without naming a product, with its label; one right stands for administration."""
    wanted = (PRODUCTS, *BY_FLAG, Right.MEMBERS)
    return [(right, label(right)) for right in wanted if not refusal(access, right)]


def label(right: str, kind: Kind | None = None) -> str:
    """A right of the organization, or a permission on a product of this kind, as people read it."""
    if right == PRODUCTS:
        return _("Rights on products")
    if kind is None and right in Right:
        return Right(right).label
    known = (each.all_permissions for each in ([kind] if kind else kinds.every()))
    return str(next((sentences[right] for sentences in known if right in sentences), right))


def label_of(request: AccessRequest) -> str:
    return label(request.right, request.product.kind if request.product else None)


def note(right: str, product: int | None = None) -> str:
    """What the one who asks should know; empty where there is nothing more to it."""
    if product is None and right in BY_ROLE:
        return _("It belongs to administrators: whoever grants it makes you one.")
    return ""


def meaning(right: str, role: str, product: Product | None) -> str:
    """What happens when it is granted to somebody with this role."""
    if product is not None:
        return _("They keep what they hold on this product, and may also do this.")
    if right == PRODUCTS:
        return _("You choose the products and the levels on the page of their rights.")
    if right in BY_ROLE:
        return _("They become an administrator: every product, all users, orders and billing.")
    if Right(right) not in FLAGS.get(Role(role), frozenset()):
        return _("They become a collaborator with this right.")
    return _("This right is added to their role.")


def helper(access: Access | None, decision: Decision) -> str:
    """Who can open what is closed, in a sentence; empty where nobody can."""
    if decision.allowed:
        return ""
    if access is not None and not access.membership.is_active:
        return _("An administrator there can open it again.")
    if decision.product is None and decision.right in (Right.LEGAL, Right.DELETE):
        return _("Legal representatives have it.")
    return _("An administrator can give it to you.")
