"""What the sidebar shows: drawn from the kinds and from the person's rights.

What one lacks is greyed, with its reason.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from organizations.access import Access
from organizations.roles import Right
from products import asking, kinds

Text = str | Promise


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
        "",
        (
            Page(
                gettext_lazy("Organization settings"),
                "building-2",
                "organization_settings",
                (Right.EDIT,),
                ("sign_in_rules", "organization_delete"),
            ),
            Page(gettext_lazy("Transfers"), "arrow-left-right", "transfers", (Right.ORDER,)),
        ),
    ),
)


def groups(access: Access, path: str, current_kind: str, waiting: str = "") -> list[dict[str, object]]:
    """The sidebar after Home, on the page at this path; `waiting`: how many requests wait for this person's answer."""
    slug = access.organization.slug
    shown: list[dict[str, object]] = [
        {
            "label": section.label,
            "entries": [
                {
                    "label": kind.label,
                    "icon": kind.icon,
                    "url": reverse("product_list", args=[slug, kind.slug]),
                    "current": kind.slug == current_kind,
                    "locked": False,
                    "reason": "",
                }
                for kind in members
            ],
        }
        for section, members in kinds.sections()
    ]
    for label, pages in PAGES:
        entries = [entry(access, page, path) for page in pages]
        for page, drawn in zip(pages, entries, strict=True):
            drawn["badge"] = waiting if page.name == "access_requests" else ""
        shown.append({"label": label, "entries": entries})
    return shown


def entry(access: Access, page: Page, path: str) -> dict[str, object]:
    allowed = any(access.may(right) for right in page.rights)
    decision = access.decide(page.rights[0])
    reason = "" if allowed else f"{decision.reason} {asking.helper(access, decision)}"
    places = tuple(reverse(name, args=[access.organization.slug]) for name in (page.name, *page.beside))
    return {
        "label": page.label,
        "icon": page.icon,
        "url": places[0] if allowed else None,
        "current": path.startswith(places),
        "locked": not allowed,
        "reason": reason,
        # What can be asked for.
        "decision": None if allowed else decision,
    }
