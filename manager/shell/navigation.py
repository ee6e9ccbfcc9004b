"""What the sidebar and the product menu show: drawn from the kinds and from the person's rights.

What one lacks is greyed, with its reason.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from manager.shell import counts
from organizations.access import Access
from organizations.decisions import Decision
from organizations.roles import Right
from products import asking, elsewhere, kinds

Text = str | Promise
Entry = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """An administrative page of an organization. Any of the rights opens it."""

    label: Text
    icon: str
    name: str
    rights: tuple[Right, ...]
    # Pages beside it in the address that belong to it. What lies below any of them does too.
    beside: tuple[str, ...] = ()


PAGES: tuple[tuple[Text, tuple[Page, ...]], ...] = (
    (
        gettext_lazy("Users & Profile"),
        (
            Page(gettext_lazy("Users"), "user-round", "members", (Right.MEMBERS,), ("invitations",)),
            Page(gettext_lazy("Teams"), "users-round", "teams", (Right.MEMBERS,)),
            Page(gettext_lazy("Requests"), "inbox", "access_requests", (Right.SEE,)),
            Page(gettext_lazy("My membership"), "id-card", "my_membership", (Right.SEE,), ("organization_leave",)),
            Page(gettext_lazy("API tokens"), "key-round", "api_tokens", (Right.SEE,)),
            Page(gettext_lazy("Activity log"), "history", "activity", (Right.SEE,)),
        ),
    ),
    (
        gettext_lazy("Accounting"),
        (
            Page(gettext_lazy("Orders"), "shopping-cart", "orders", (Right.ORDER, Right.BILLING)),
            Page(gettext_lazy("Invoices"), "receipt-text", "invoices", (Right.BILLING,)),
        ),
    ),
    (
        gettext_lazy("Organization"),
        (
            Page(
                gettext_lazy("Organization settings"),
                "building-2",
                "organization_settings",
                (Right.EDIT,),
                ("sign_in_rules", "organization_delete"),
            ),
        ),
    ),
    (
        gettext_lazy("Transfers"),
        (Page(gettext_lazy("All transfers"), "arrow-left-right", "transfers", (Right.ORDER,)),),
    ),
)


def kind_entry(request: HttpRequest, access: Access, kind: kinds.Kind) -> Entry:
    """One kind of product in the organization: where its list is, how many there are, or why it is closed."""
    slug = access.organization.slug
    count = sum(counts.by_kind(request, access).get(kind.slug, {}).values())
    decision, address = closed(request, access, kind, count), reverse("product_list", args=[slug, kind.slug])
    shown = {
        "kind": kind,
        "label": kind.label,
        "label_one": kind.label_one,
        "icon": kind.icon,
        "tone": kind.tone,
        "count": count,
        "address": address,
        "url": None if decision else address,
        "order_url": f"{reverse('order_kind', args=[kind.slug])}?organization={slug}",
    }
    if decision is None:
        return shown | {"locked": False, "reason": "", "decision": None, "elsewhere": ""}
    others = f"{reverse('everywhere')}?kind={kind.slug}" if elsewhere.others(request) else ""
    return shown | locked(access, decision) | {"elsewhere": others}


def closed(request: HttpRequest, access: Access, kind: kinds.Kind, count: int) -> Decision | None:
    """Why the list of this kind is of no use to the person; None where it is."""
    if not (seeing := access.decide(Right.SEE)):
        return seeing
    if count or access.may(Right.ALL_PRODUCTS) or access.may(Right.ORDER):
        return None
    if kind.slug in counts.whole_kinds(request, access):
        return None
    text = gettext("You have no rights on “%(kind)s” in %(organization)s.")
    return Decision(False, text % {"kind": kind.label, "organization": access.organization}, asking.PRODUCTS)


def locked(access: Access, decision: Decision) -> Entry:
    reason = f"{decision.reason} {asking.helper(access, decision)}".strip()
    return {"locked": True, "reason": reason, "decision": decision}


def groups(request: HttpRequest, access: Access, current_kind: str, waiting: str = "") -> list[Entry]:
    """The sidebar after Home; `waiting`: how many requests wait for this person's answer."""
    path = getattr(request, "belongs_to", request.path)
    shown: list[Entry] = []
    for section, members in kinds.sections():
        drawn = [kind_entry(request, access, kind) for kind in members]
        for each in drawn:
            each["current"] = each["kind"].slug == current_kind or path == each["address"]
        shown.append({"label": section.label, "entries": drawn})
    for label, pages in PAGES:
        entries = [entry(access, page, path) for page in pages]
        for page, line in zip(pages, entries, strict=True):
            line["badge"] = waiting if page.name == "access_requests" else ""
        shown.append({"label": label, "entries": entries})
    return shown


def entry(access: Access, page: Page, path: str) -> Entry:
    allowed = any(access.may(right) for right in page.rights)
    decision = access.decide(page.rights[0])
    places = tuple(reverse(name, args=[access.organization.slug]) for name in (page.name, *page.beside))
    shown: Entry = {"label": page.label, "icon": page.icon, "address": places[0], "current": path.startswith(places)}
    if allowed:
        return shown | {"url": places[0], "locked": False, "reason": "", "decision": None}
    return shown | {"url": None} | locked(access, decision)
