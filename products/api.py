"""The gate for programs: a token in a header, never a session. It leads to the same engine as every page."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from redis.exceptions import RedisError

from accounts import second_factor, tries
from manager.web.gate import View, stamp
from organizations import tenancy
from organizations.access import Access, Denied
from organizations.decisions import Decision, Narrowing
from organizations.gate import SECOND_FACTOR, client_address
from organizations.models import Membership, Organization
from products.actions.token import digest, note_use
from products.models import ApiToken, ApiTokenProduct

METHODS = ("GET", "HEAD")
# RFC 6750, 2.1; the scheme is written in any case (RFC 9110, 11.1).
BEARER = re.compile(r"\Abearer +(prt_[A-Za-z0-9_-]{1,200})\Z", re.IGNORECASE)
REALM = 'Bearer realm="api"'


def error(status: int, code: str, message: object, **headers: str) -> HttpResponse:
    """What a program reads of a refusal: a code that stays, and a sentence for people."""
    answer = JsonResponse({"error": {"code": code, "message": str(message)}}, status=status)
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer


def with_token(permission: str) -> Callable[[View], View]:
    """Programs with a valid token of the organization in the URL that has `permission`. The view receives `access`.

    Where no person could enter, the token opens nothing: 401, with one answer for every reason. Too many of those from
    one address: 429. A valid one always passes, so that nobody's wrong token closes the API for their neighbours.
    """

    def decorate(view: View) -> View:
        @csrf_exempt  # no cookie opens anything here
        @login_not_required
        @wraps(view)
        def gate(request: HttpRequest, organization: str, **kwargs: Any) -> HttpResponse:
            # Whatever the language of the machine: programs are written after these texts.
            translation.activate("en")
            if request.method not in METHODS:
                return error(405, "method_not_allowed", _("The API reads only."), Allow=", ".join(METHODS))
            try:
                access = admit(request, organization)
                if access is None:
                    return unauthorized(request)
                if permission not in access.narrowing.permissions:  # type: ignore[union-attr]
                    text = _("The API token “%(token)s” does not cover this.")
                    raise Denied(Decision(False, text % {"token": access.via}, permission), access)
                return view(request, access, **kwargs)
            except Denied as denied:
                code = SECOND_FACTOR if denied.decision.right == SECOND_FACTOR else "forbidden"
                return error(403, code, denied.decision.reason)
            except Http404:
                return error(404, "not_found", _("There is nothing here that this token may see."))
            except RedisError:
                return error(503, "unavailable", _("Try again in a minute."), Retry_After="60")

        return stamp(gate, f"token: {permission}")

    return decorate


def unauthorized(request: HttpRequest) -> HttpResponse:
    if "Authorization" in request.headers:
        if tries.are_spent(request, "token"):
            wait = str(tries.PERIOD)
            return error(429, "too_many_tries", _("Too many wrong tokens. Wait some minutes."), Retry_After=wait)
        tries.count(request, "token")
    text = _("Send a valid API token of this organization in the header “Authorization: Bearer …”.")
    return error(401, "unauthorized", text, WWW_Authenticate=REALM)


def admit(request: HttpRequest, slug: str) -> Access | None:
    """What the token in the request may do, as a narrowing of what its person may now; None when it opens nothing.

    From then on the database shows this organization only. Denied where the organization asks for a second factor that
    the person lacks: there a token is no way around.
    """
    sent = BEARER.match(request.headers.get("Authorization", ""))
    organization = Organization.objects.filter(slug=slug, deleted_at=None).first() if sent else None
    if sent is None or organization is None:
        return None
    tenancy.enter(user=None, organizations=frozenset({organization.pk}))
    token = find(organization, sent[1])
    if token is None or not token.user.is_active:
        return None
    member = Membership.objects.filter(organization=organization, user=token.user).first()
    if member is None or not member.is_active:
        return None
    member.organization = organization
    products = None if token.all_products else frozenset(token.product_ids)  # type: ignore[attr-defined]
    narrowing = Narrowing(token.name, frozenset(token.permissions), products)
    access = Access(token.user, organization, member, client_address(request), narrowing=narrowing)
    if organization.requires_second_factor and not second_factor.has_one(token.user):
        reason = _("%(organization)s asks for a second factor, and the login of %(person)s has none.")
        names = {"organization": organization, "person": token.user}
        raise Denied(Decision(False, reason % names, SECOND_FACTOR), access)
    note_use(token, access.address)
    return access


def find(organization: Organization, raw: str) -> ApiToken | None:
    """The valid token with this text, with its person and the ids of its products. One query."""
    rows = ApiTokenProduct.objects.filter(organization=organization, token=OuterRef("pk")).order_by()
    found = ApiToken.objects.filter(organization=organization, digest=digest(raw)).valid()
    return found.annotate(product_ids=ArraySubquery(rows.values("product"))).select_related("user").first()
