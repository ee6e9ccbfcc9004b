"""The way to a page, as breadcrumbs tell it: drawn from the navigation, so that a page adds its own name at most."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.access import Access

Text = str | Promise


@dataclass(frozen=True)
class Crumb:
    label: Any
    # Empty where there is nothing to open: a heading of the navigation, or the page itself.
    url: str = ""


# Pages of an organization below an entry of the sidebar: by URL name, what the trail calls them.
BELOW: dict[str, Text] = {
    "invitations": gettext_lazy("Invitations"),
    "team_create": gettext_lazy("New team"),
    "sign_in_rules": gettext_lazy("Sign-in rules"),
    "organization_delete": gettext_lazy("Delete"),
    "organization_leave": gettext_lazy("Leave"),
    "api_token_create": gettext_lazy("New token"),
    "transfer_create": gettext_lazy("New transfer"),
    "search": gettext_lazy("Search"),
    "saved_views": gettext_lazy("Saved views"),
    "invite": gettext_lazy("Invite"),
}
# Between the entry and the page.
BETWEEN: dict[str, str] = {"invite": "invitations"}
# Pages of no organization: below what, and what the trail calls them.
ACCOUNT, EVERYWHERE = "profile", "everywhere"
PERSONAL: dict[str, tuple[str, Text]] = {
    "profile": (ACCOUNT, gettext_lazy("Profile")),
    "account_email": (ACCOUNT, gettext_lazy("Email address")),
    "account_change_password": (ACCOUNT, gettext_lazy("Password")),
    "account_set_password": (ACCOUNT, gettext_lazy("Password")),
    "account_reauthenticate": (ACCOUNT, gettext_lazy("Confirm that it is you")),
    "account_logout": (ACCOUNT, gettext_lazy("Sign out")),
    "usersessions_list": (ACCOUNT, gettext_lazy("Signed-in devices")),
    "security_log": (ACCOUNT, gettext_lazy("Security log")),
    "preferences": (ACCOUNT, gettext_lazy("Profile")),
    "notifications": (ACCOUNT, gettext_lazy("Notifications")),
    "organizations": (EVERYWHERE, gettext_lazy("Organizations")),
    "organization_create": (EVERYWHERE, gettext_lazy("Create an organization")),
    "search_everywhere": (EVERYWHERE, gettext_lazy("Search")),
    "everywhere": (EVERYWHERE, gettext_lazy("Products")),
    "transfer_link": (EVERYWHERE, gettext_lazy("Transfer")),
    "transfer_accept": (EVERYWHERE, gettext_lazy("Transfer")),
    "health": (EVERYWHERE, gettext_lazy("Health of the portal")),
}


def trail(request: HttpRequest, access: Access | None, navigation: list[dict[str, Any]]) -> list[Crumb]:
    """From home to what the address names; the page may go on from there (`{% breadcrumbs %}`)."""
    name = request.resolver_match.url_name or "" if request.resolver_match else ""
    if access is None:
        return personal(name)
    home = access.organization.get_absolute_url()
    if name == "home" or not name:
        return []
    found = [Crumb(_("Home"), home)]
    for group in navigation:
        for entry in group["entries"]:
            if entry["current"]:
                heading = [Crumb(group["label"])] if group["label"] else []
                found += [*heading, Crumb(entry["label"], entry["url"] or entry["address"])]
    for each in (BETWEEN.get(name), name):
        if each in BELOW:
            above = each != name
            found.append(Crumb(BELOW[each], reverse(each, args=[access.organization.slug]) if above else ""))
    return found


def personal(name: str) -> list[Crumb]:
    """Below the person's account, or below all their organizations."""
    below, label = PERSONAL.get(name, (ACCOUNT if name.startswith(("mfa_", "account_")) else EVERYWHERE, ""))
    if name.startswith("mfa_"):
        label = _("Second factor")
    first = Crumb(_("Your account") if below == ACCOUNT else _("All organizations"), reverse(below))
    return [first, Crumb(label, reverse("mfa_index") if name.startswith("mfa_") else "")] if label else [first]
