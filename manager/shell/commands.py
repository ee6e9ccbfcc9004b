"""What the palette offers besides products: the pages of the portal and what one can do, by the words people type.

Data first; who may use what is decided as the sidebar decides it.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from manager.shell.navigation import PAGES, locked
from organizations.access import Access
from organizations.models import Organization
from organizations.roles import Right
from products import kinds

Text = str | Promise
# Of pages, and of actions.
MOST = 6


@dataclass(frozen=True)
class Command:
    """A page, or what leads to doing something. `words`: what people call it, in their language."""

    label: Text
    icon: str
    # The URL's name; it takes the organization when `rights` are needed.
    name: str
    words: Text = ""
    rights: tuple[Right, ...] = ()
    after: str = ""


@dataclass(frozen=True)
class Hit:
    label: str
    icon: str
    note: str = ""
    # Empty where it is closed; then `note` says why.
    url: str = ""
    tone: str = "neutral"
    organization: Organization | None = None
    score: int = field(default=0, compare=False)


# Further words for the pages of the sidebar, by URL name.
WORDS: dict[str, Text] = {
    "members": gettext_lazy("people, members, colleagues, roles, suspend"),
    "teams": gettext_lazy("groups"),
    "access_requests": gettext_lazy("inbox, asked, approve, grant"),
    "my_membership": gettext_lazy("mail preferences, leave, my role, my rights"),
    "api_tokens": gettext_lazy("key, programs, automation"),
    "activity": gettext_lazy("history, audit, who did what"),
    "orders": gettext_lazy("purchases, pay"),
    "invoices": gettext_lazy("bills, VAT, credit note, receipts, accounting"),
    "organization_settings": gettext_lazy("company, address, logo, VAT number, delete, second factor rule"),
    "transfers": gettext_lazy("move, hand over, give away"),
}
PERSONAL = (
    Command(gettext_lazy("Profile"), "user-round", "profile", gettext_lazy("name, language, theme, dark, my account")),
    Command(gettext_lazy("Email address"), "mail", "account_email", gettext_lazy("login, change address")),
    Command(gettext_lazy("Password"), "key-round", "account_change_password", gettext_lazy("login, change")),
    Command(gettext_lazy("Second factor"), "shield-check", "mfa_index", gettext_lazy("2FA, MFA, TOTP, passkey, codes")),
    Command(gettext_lazy("Signed-in devices"), "monitor-smartphone", "usersessions_list", gettext_lazy("sessions")),
    Command(gettext_lazy("Security log"), "history", "security_log", gettext_lazy("sign-ins, attempts")),
    Command(gettext_lazy("Notifications"), "bell", "notifications", gettext_lazy("news, unread, inbox")),
    Command(gettext_lazy("All organizations"), "layers", "everywhere", gettext_lazy("everywhere, all products")),
    Command(gettext_lazy("Unable to log in?"), "life-buoy", "trouble", gettext_lazy("help, locked out")),
)
ACTIONS = (
    Command(gettext_lazy("Invite someone"), "user-round-plus", "invite", gettext_lazy("add user"), (Right.MEMBERS,)),
    Command(
        gettext_lazy("Transfer products"),
        "arrow-left-right",
        "transfer_create",
        gettext_lazy("move, hand over"),
        (Right.ORDER,),
    ),
    Command(gettext_lazy("Create an API token"), "key-round", "api_token_create", "", (Right.SEE,)),
    Command(
        gettext_lazy("Restart the guided tour"), "compass", "home", gettext_lazy("help, learn"), (Right.SEE,), "?tour"
    ),
    Command(gettext_lazy("Create an organization"), "building-2", "organization_create", gettext_lazy("new, company")),
    Command(gettext_lazy("Sign out"), "log-out", "account_logout", gettext_lazy("log out, leave")),
)


def fold(text: object) -> list[str]:
    """The words of a text, without accents and capitals: what is compared."""
    plain = unicodedata.normalize("NFKD", str(text)).casefold()
    kept = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return kept.split()


def score(asked: list[str], label: object, words: object = "") -> int:
    """How well the words that somebody typed fit: 0 where one of them begins no word. The label counts most."""
    named = fold(label)
    if named[: len(asked)] == asked or " ".join(named).startswith(" ".join(asked)):
        return 3
    if all(any(word.startswith(part) for word in named) for part in asked):
        return 2
    both = named + fold(words)
    return int(all(any(word.startswith(part) for word in both) for part in asked))


def pages(access: Access | None) -> Iterator[tuple[Command, Access | None]]:
    """Every page, those of the organization first. Whoever looks as somebody else is offered none of their own."""
    if access is not None:
        for kind in kinds.every():
            yield Command(kind.label, kind.icon, f"{kind.slug}/", kind.description, (Right.SEE,)), access
        for _label, group in PAGES:
            for each in group:
                yield Command(each.label, each.icon, each.name, WORDS.get(each.name, ""), each.rights), access
    if access is None or access.viewer is None:
        for command in PERSONAL:
            yield command, None


def actions(access: Access | None) -> Iterator[tuple[Command, Access | None]]:
    if access is not None:
        for kind in kinds.every():
            label = _("Order: %(kind)s") % {"kind": kind.label_one}
            yield Command(label, kind.icon, f"order/{kind.slug}", _("buy, new, add"), (Right.ORDER,)), access
    for command in ACTIONS:
        if command.rights and access is not None:
            yield command, access
        elif not command.rights and (access is None or access.viewer is None):
            yield command, None


def find(commands: Iterable[tuple[Command, Access | None]], text: str) -> list[Hit]:
    """Those that fit, the best first; all that are open, where nothing was typed."""
    asked = fold(text)
    found = []
    for command, access in commands:
        points = score(asked, command.label, command.words) if asked else 1
        if points:
            found.append(drawn(command, access, points))
    found = [hit for hit in found if asked or hit.url]
    return sorted(found, key=lambda hit: (-hit.score, not hit.url))[:MOST]


def drawn(command: Command, access: Access | None, points: int) -> Hit:
    label = str(command.label)
    if access is None:
        return Hit(label, command.icon, url=reverse(command.name), score=points)
    organization = access.organization
    if not any(access.may(right) for right in command.rights):
        reason = locked(access, access.decide(command.rights[0]))["reason"]
        return Hit(label, "lock", note=reason, organization=organization, score=points)
    url = address(command.name, organization.slug) + command.after
    return Hit(label, command.icon, note=organization.name, url=url, score=points)


def address(name: str, slug: str) -> str:
    """A page of the organization; "hosting/" is the list of a kind, "order/hosting" its order page."""
    if name.startswith("order/"):
        return f"{reverse('order_kind', args=[name.removeprefix('order/')])}?organization={slug}"
    if name.endswith("/"):
        return reverse("product_list", args=[slug, name.rstrip("/")])
    return reverse(name, args=[slug])


def switches(organizations: Iterable[Organization], text: str) -> list[Hit]:
    """The person's other organizations whose name fits."""
    asked = fold(text)
    found = []
    for each in organizations:
        label = _("Switch to %(organization)s") % {"organization": each.name}
        if asked and (points := max(score(asked, each.name), score(asked, label))):
            found.append(Hit(label, "arrow-right", url=each.get_absolute_url(), organization=each, score=points))
    return sorted(found, key=lambda hit: -hit.score)[:MOST]
