"""What people do to products. Each action is one transaction; saying it twice changes nothing more."""

from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from manager.web.refused import Refused
from organizations.access import Access
from organizations.events import Actor, record
from organizations.models import Organization
from products import jobs, names
from products.models import Job, Plan, Product
from products.models.job import Verb
from products.models.product import State


def reserve(
    organization: Organization, plan: Plan, name: str, *, period: int, options: dict[str, Any], by: Actor
) -> Product:
    """The product is ordered and holds its name; nothing is set up before it is paid. In the caller's transaction."""
    names.reserve(name, organization)
    product = Product(organization=organization, kind_slug=plan.kind, plan=plan, name=name, period=period)
    try:
        with transaction.atomic():
            product.save(force_insert=True)
    except IntegrityError as error:
        text = _("You have %(kind)s for %(name)s already.")
        raise Refused(text % {"kind": product.kind.label_one, "name": names.shown(name)}, field="name") from error
    product.kind.create(product, options)
    record("product.order", product, by=by, organization=organization, kind=plan.kind, plan=plan.code)
    return product


def provision(product: Product, *, by: Actor | None) -> Job | None:
    """The product is paid: set it up. In the caller's transaction."""
    product = locked(product)
    if product.state != State.ORDERED:
        return None
    move(product, State.PENDING)
    return jobs.open_job(product, Verb.PROVISION, by=by)


def abandon(product: Product, *, by: Actor | None) -> None:
    """The order was not paid: the name is free again. In the caller's transaction."""
    product = locked(product)
    if product.state == State.ORDERED:
        move(product, State.CANCELLED)
        record("product.abandon", product, by=by, organization=product.organization)


@transaction.atomic(durable=True)
def suspend(product: Product, *, by: Access) -> Product:
    """The product is no longer served; its data and its price stay."""
    return _change(product, Verb.SUSPEND, State.SUSPENDED, by)


@transaction.atomic(durable=True)
def resume(product: Product, *, by: Access) -> Product:
    """The product is served again."""
    return _change(product, Verb.RESUME, State.ACTIVE, by)


@transaction.atomic(durable=True)
def cancel(product: Product, *, by: Access) -> Product:
    """Nothing is left of the product, here and at the provider, and its name is free."""
    product = locked(product)
    if product.is_gone:
        return product
    # What nobody works on will never be set up; what somebody works on ends with this try.
    jobs.withdraw(product)
    if is_becoming(product, Verb.CANCEL):
        return product
    if reason := refusal(product, Verb.CANCEL):
        raise Refused(reason)
    record("product.cancel", product, by=by, organization=product.organization)
    jobs.open_job(product, Verb.CANCEL, by=by)
    return product


@transaction.atomic(durable=True)
def label(product: Product, *, text: str, by: Access) -> Product:
    """The product is listed with this label of the customer's own."""
    product = locked(product)
    if product.label == text:
        return product
    record("product.label", product, by=by, organization=product.organization, label=[product.label, text])
    product.label = text
    product.save(update_fields=["label"])
    return product


@transaction.atomic(durable=True)
def observe(product: Product, *, by: Access) -> Job:
    """What the provider says about the product is read anew, by a worker."""
    product = locked(product)
    if reason := refusal(product, Verb.OBSERVE):
        raise Refused(reason)
    return jobs.open_job(product, Verb.OBSERVE, by=by)


def apply(product: Product, *, by: Access) -> Job | None:
    """The settings of the product reach the provider. In the caller's transaction; the row is locked."""
    if product.state not in (State.ACTIVE, State.SUSPENDED):
        return None
    return jobs.open_job(product, Verb.APPLY, by=by)


# What a product must be for this to be possible.
SOURCES = {
    Verb.SUSPEND: (State.ACTIVE,),
    Verb.RESUME: (State.SUSPENDED,),
    Verb.OBSERVE: (State.ACTIVE, State.SUSPENDED),
    Verb.CANCEL: (State.PENDING, State.ACTIVE, State.SUSPENDED),
}


def refusal(product: Product, verb: Verb) -> str:
    """Why this cannot be done to the product now, apart from rights; empty when it can."""
    if product.state in SOURCES[verb]:
        # What is being cancelled may still be looked at.
        if verb == Verb.OBSERVE or not is_becoming(product, Verb.CANCEL):
            return ""
        return _("This is not possible now: the product is being cancelled.")
    if verb == Verb.CANCEL and product.state == State.ORDERED:
        return _("This product is not paid yet. Cancel its order instead.")
    if verb == Verb.OBSERVE:
        return _("There is nothing to check until the product is set up.")
    return _("This is not possible now: the product is “%(state)s”.") % {"state": product.get_state_display()}


def locked(product: Product) -> Product:
    """The row as it is now, and nobody else's until the transaction ends.

    Http404 for one that went to another organization since it was read: here it does not exist any more.
    """
    rows = Product.objects.select_for_update(of=("self",)).select_related("organization", "plan")
    found = rows.filter(pk=product.pk, organization=product.organization_id).first()
    if found is None:
        raise Http404
    return found


def is_becoming(product: Product, verb: Verb) -> bool:
    return Job.objects.open().filter(product=product, verb=verb).exists()


def move(product: Product, state: State) -> None:
    product.state = state
    product.save(update_fields=["state"])


def _change(product: Product, verb: Verb, target: State, by: Access) -> Product:
    product = locked(product)
    if product.state == target:
        return product
    if reason := refusal(product, verb):
        raise Refused(reason)
    record(f"product.{verb}", product, by=by, organization=product.organization)
    move(product, target)
    jobs.open_job(product, verb, by=by)
    return product
