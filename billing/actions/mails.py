"""Who hears what of an order by mail, each of them once. A part of its caller's transaction."""

from typing import Any

from django.conf import settings

from accounts.actions import mail
from accounts.models import User
from billing.lines import of as lines_of
from billing.models import Order, OrderLine
from organizations.access import Access
from organizations.contacts import audience
from organizations.models import Membership
from organizations.roles import Right
from products.models import Product

# Of those who want news of products.
MOST = 50


def reminder_key(order: Order) -> str:
    return f"order:{order.pk}:reminder:"


def remind(order: Order) -> None:
    """Whoever ordered and can still open it, and the members who want to be told of billing."""
    told = {member.user.pk: (member.user, wanted) for member, wanted in audience(order.organization, "billing")}
    member = Membership.objects.active().filter(organization=order.organization, user=order.actor_id).first()
    if order.actor and order.actor.is_active and member and member.rights & {Right.ORDER, Right.BILLING}:
        told[order.actor.pk] = (order.actor, True)
    lines = lines_of(order)
    for person, wanted in told.values():
        write("reminder", order, f"{reminder_key(order)}{person.pk}", person, mailed=wanted, lines=lines)


def refunded(line: OrderLine) -> None:
    """Whoever ordered, and the members who want to be told of billing."""
    order, key = line.order, f"order-refund:{line.pk}"
    for member, wanted in audience(order.organization, "billing"):
        if member.user != order.actor:
            write("refund", order, f"{key}:{member.user.pk}", member.user, mailed=wanted, line=line)
    if order.actor:
        write("refund", order, key, order.actor, line=line)


def ready(order: Order, lines: list[OrderLine]) -> None:
    """Whoever ordered hears of all of it; the members who want news of products of those that they may see."""
    key = f"order-ready:{order.pk}"
    if order.actor:
        write("ready", order, key, order.actor, lines=lines)
    told = 0
    for member, wanted in audience(order.organization, "products"):
        if told == MOST:
            return
        seen = [] if member.user == order.actor else visible(order, lines, member)
        if any(not line.refunded_at for line in seen):
            write("news", order, f"{key}:{member.user.pk}", member.user, mailed=wanted, lines=seen)
            told += 1


def visible(order: Order, lines: list[OrderLine], member: Membership) -> list[OrderLine]:
    """The lines whose products the member may see; none of what has moved to another organization."""
    access = Access(member.user, order.organization, member)
    seen = set(Product.objects.visible_to(access).filter(order_line__order=order).values_list("pk", flat=True))
    return [line for line in lines if line.product_id in seen]


def write(template: str, order: Order, key: str, person: User, *, mailed: bool = True, **context: Any) -> None:
    context |= {"order": order, "organization": order.organization, "person": person}
    path = order.get_absolute_url()
    context["url"] = settings.BASE_URL + path
    mail.write(f"billing/mail/{template}", context, key=key, to=person, path=path, mailed=mailed)
