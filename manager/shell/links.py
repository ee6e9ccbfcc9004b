"""What the lines of the log link to, known without a query of its own for each sort of thing."""

from collections.abc import Iterable

from django.db.models import Case, CharField, Exists, Model, OuterRef, QuerySet, Subquery, Value, When

from billing.models import Order
from organizations.models import Event, Membership, Organization, Team
from products.models import Product, Transfer

# Their address needs no more than their key.
PLAIN: dict[str, type[Model]] = {model._meta.label_lower: model for model in (Membership, Order, Team, Transfer)}
PRODUCT = Product._meta.label_lower
THERE = Value("there")


def with_links(rows: QuerySet[Event], organization: Organization) -> QuerySet[Event]:
    """Lines that know, as `link`, what still exists of what they speak of: of a product its kind."""
    named = OuterRef("target_id")
    kind = Subquery(Product.objects.filter(organization=organization, pk=named).order_by().values("kind_slug")[:1])
    there = [
        When(Exists(model._default_manager.filter(organization=organization, pk=named)), target_type=name, then=THERE)
        for name, model in PLAIN.items()
    ]
    return rows.annotate(
        link=Case(When(target_type=PRODUCT, then=kind), *there, default=None, output_field=CharField())
    )


def link(events: Iterable[Event], organization: Organization) -> None:
    """Each event has its subject, as far as its line needs it."""
    for event in events:
        kind = getattr(event, "link", None)
        if kind and event.target_type == PRODUCT:
            event.subject = Product(pk=event.target_id, organization=organization, kind_slug=kind)
        elif kind:
            event.subject = PLAIN[event.target_type](pk=event.target_id, organization=organization)
