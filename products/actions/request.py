"""Who lacks something asks for it; an administrator gives it or not. Nobody decides on their own request."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from accounts.actions import mail
from accounts.models import User
from manager.web.refused import Refused
from organizations.access import Access
from organizations.actions.still import hold
from organizations.contacts import deciders
from organizations.events import record
from organizations.models import Membership
from organizations.roles import Right
from products import asking
from products.actions import gift
from products.models import AccessRequest, Product
from products.models.request import RequestState

# Of one person, waiting or made within a day: nobody fills the administrators' mailboxes.
MOST = 20
DAY = timedelta(days=1)


@transaction.atomic(durable=True)
def ask(right: str, product: Product | None, message: str, *, by: Access) -> AccessRequest:
    """The administrators are asked for a right, or for a permission on a product that the person sees.

    What waits already stays as it is, and nobody is told twice. Refused: what they have, and what is not given so.
    """
    by = hold(by)
    if reason := asking.refusal(by, right, product):
        raise Refused(reason, field="right")
    made = AccessRequest.objects.filter(organization=by.organization, user=by.user)
    if found := made.filter(right=right, product=product, state=RequestState.OPEN).first():
        return found
    if made.filter(Q(state=RequestState.OPEN) | Q(created_at__gt=timezone.now() - DAY)).count() >= MOST:
        raise Refused(_("You asked for %(number)d things already. Wait for an answer first.") % {"number": MOST})
    request = AccessRequest.objects.create(
        organization=by.organization, user=by.user, right=right, product=product, message=message
    )
    log("request.ask", request, by)
    tell_deciders(request, by)
    return request


@transaction.atomic(durable=True)
def grant(request: AccessRequest, *, by: Access) -> AccessRequest:
    """The person has what they asked for, and is told. Asked for again, nothing more happens.

    Where it has become pointless the request is closed with the reason instead. Refused on one's own request, and where
    it was answered otherwise.
    """
    by = hold(by, Right.MEMBERS)
    request = locked(request)
    if request.state == RequestState.GRANTED:
        return request
    refuse_unless_open(request, by)
    member = Membership.objects.filter(organization=by.organization, user=request.user).select_related("user").first()
    if member is None or not member.is_active:
        # Whoever has left is not written to any more.
        return close(request, RequestState.DECLINED, _("No access to the organization any more."), "request.void", by)
    member.organization = by.organization
    if reason := gift.pointless(request, member):
        close(request, RequestState.DECLINED, reason, "request.void", by)
    elif gift.has(request, member):
        close(request, RequestState.GRANTED, _("Given meanwhile."), "request.void", by)
    else:
        # Before what it causes, so that the log reads in this order.
        close(request, RequestState.GRANTED, "", "request.grant", by)
        gift.give(request, member, by)
    tell(request)
    return request


@transaction.atomic(durable=True)
def decline(request: AccessRequest, reply: str, *, by: Access) -> AccessRequest:
    """The request is answered with no, and the person is told, with the reason where there is one."""
    by = hold(by, Right.MEMBERS)
    request = locked(request)
    if request.state == RequestState.DECLINED:
        return request
    refuse_unless_open(request, by)
    close(request, RequestState.DECLINED, reply, "request.decline", by)
    tell(request)
    return request


@transaction.atomic(durable=True)
def withdraw(request: AccessRequest, *, by: Access) -> AccessRequest:
    """The person does not ask for it any more."""
    by = hold(by)
    request = locked(request)
    if request.user_id != by.user.pk:
        raise Refused(_("Only the person who asked can withdraw it."))
    if request.state == RequestState.WITHDRAWN:
        return request
    if request.state != RequestState.OPEN:
        raise Refused(_("This request was answered already."))
    request.state, request.decided_at = RequestState.WITHDRAWN, timezone.now()
    request.save(update_fields=["state", "decided_at"])
    log("request.withdraw", request, by)
    return request


def locked(request: AccessRequest) -> AccessRequest:
    rows = AccessRequest.objects.select_for_update(of=("self",))
    return rows.select_related("organization", "user", "product", "decided_by").get(pk=request.pk)


def refuse_unless_open(request: AccessRequest, by: Access) -> None:
    if request.user_id == by.user.pk:
        raise Refused(_("Nobody decides on their own request. Ask another administrator."))
    if request.state == RequestState.WITHDRAWN:
        raise Refused(_("%(person)s has withdrawn this request.") % {"person": request.user})
    if request.state != RequestState.OPEN:
        raise Refused(_("%(person)s has answered this request already.") % {"person": request.decided_by})


def close(request: AccessRequest, state: RequestState, reply: str, verb: str, by: Access) -> AccessRequest:
    request.state, request.reply = state, reply
    request.decided_by, request.decided_at = by.user, timezone.now()
    request.save(update_fields=["state", "reply", "decided_by", "decided_at"])
    log(verb, request, by, reply=reply)
    return request


def tell(request: AccessRequest) -> None:
    """The person gets the answer, once."""
    given = request.state == RequestState.GRANTED and not request.reply
    until = gift.ends([request]).get(request.pk) if given else None
    context = {"request": request, "until": until}
    write("answer", request, context, f"request:{request.pk}:answer", request.user)


def tell_deciders(request: AccessRequest, by: Access) -> None:
    """Those who can decide get one mail each."""
    context = {
        "request": request,
        "meaning": lazy(asking.meaning, str)(request.right, by.membership.role, request.product),
    }
    for decider in deciders(by.organization, but=by.user):
        key = f"request:{request.pk}:{decider.pk}"
        write("asked", request, context | {"person": decider}, key, decider)


def write(what: str, request: AccessRequest, context: dict[str, Any], key: str, person: User) -> None:
    path = reverse("access_requests", args=[request.organization.slug])
    context |= {"label": lazy(asking.label_of, str)(request), "url": settings.BASE_URL + path}
    mail.write(f"products/mail/request_{what}", context, key=key, to=person, path=path)


def log(verb: str, request: AccessRequest, by: Access, **details: str) -> None:
    """On the product where there is one: who may read its log reads this too."""
    told = {"right": request.right, "kind": request.product.kind_slug if request.product else ""}
    person = {} if request.user_id == by.user.pk else {"person": str(request.user)}
    target = request.product or request.organization
    record(verb, target, by=by, organization=request.organization, **told, **person, **details)
