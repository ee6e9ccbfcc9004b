"""The guided tour, as data: each step stands beside an element that carries `data-tour` with its anchor.

Pages have steps of their own, by URL name; those of the frame are on every page. What a person may not use is no step.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.access import Access
from organizations.roles import Right
from products import kinds

Text = str | Promise
# The page of the steps that stand in the frame.
SHELL = "shell"
# Where it starts by itself, with the frame first.
HOME = "home"


@dataclass(frozen=True)
class Step:
    anchor: str
    title: Text
    text: Text
    # Without it the control is not there, or not for them.
    right: Right | None = None
    # It is there in an organization only.
    inside: bool = False
    # The page to which the tour goes on from here, by URL name, where this is its last step.
    then: str = ""


FRAME = (
    Step(
        "switcher",
        gettext_lazy("Your organizations"),
        gettext_lazy(
            "Each organization has its own products, users and invoices. Switch here without signing in again."
        ),
    ),
    Step(
        "search",
        gettext_lazy("Find anything"),
        gettext_lazy("Type part of a name. Ctrl K or the slash key brings you here."),
    ),
    Step(
        "products",
        gettext_lazy("All products, from everywhere"),
        gettext_lazy("This menu opens the list of each kind of product."),
    ),
    Step(
        "navigation",
        gettext_lazy("The same, and the rest"),
        gettext_lazy("Users, orders, invoices and settings are here too. What is greyed says why, and who can help."),
        inside=True,
    ),
    Step(
        "bell",
        gettext_lazy("What is new"),
        gettext_lazy("What concerns you is told here, and by mail where you want it."),
    ),
    Step(
        "help",
        gettext_lazy("Help, and this tour"),
        gettext_lazy("Guides for every screen, and what to do when something does not work."),
    ),
    Step(
        "account",
        gettext_lazy("Yourself"),
        gettext_lazy("Your profile, how you sign in, the theme, and the way out."),
    ),
)
LAST = Step(
    "tour", gettext_lazy("Once more?"), gettext_lazy("This button starts the tour of any page, whenever you like.")
)
PAGES: dict[str, tuple[Step, ...]] = {
    HOME: (
        Step(
            "tiles",
            gettext_lazy("How your products are doing"),
            gettext_lazy("A tile opens its list, and says what is worth knowing. Quiet when all is fine."),
        ),
        Step(
            "order",
            gettext_lazy("Order a product"),
            gettext_lazy("Domains, hosting and email, set up while you watch."),
            right=Right.ORDER,
        ),
    ),
    "product_list": (
        Step(
            "order",
            gettext_lazy("One more"),
            gettext_lazy("What you order appears in this list at once, with the steps of its set-up."),
            right=Right.ORDER,
        ),
        Step(
            "list",
            gettext_lazy("Every product of this kind"),
            gettext_lazy("Search and filter here. Click a name to open a product: its page has a tour too."),
            then="members",
        ),
    ),
    "product": (
        Step(
            "status",
            gettext_lazy("What it is, and how it is"),
            gettext_lazy("The status follows by itself while something is being done."),
        ),
        Step(
            "tabs",
            gettext_lazy("All about this product"),
            gettext_lazy("Its settings, who has access, what happened to it, and what it costs."),
        ),
        Step(
            "manage",
            gettext_lazy("What you can do to it"),
            gettext_lazy("Check, suspend, transfer or cancel it. Nothing happens before you have read what it does."),
            then="members",
        ),
    ),
    "members": (
        Step(
            "invite",
            gettext_lazy("Work with others"),
            gettext_lazy("Invite people by email, and choose what they may see and do before they come."),
            right=Right.MEMBERS,
        ),
        Step(
            "members",
            gettext_lazy("Who may enter"),
            gettext_lazy("Each person's role and access. A name opens their rights, product by product."),
            right=Right.MEMBERS,
        ),
    ),
}
# What it takes to open a page that the tour leads to.
OPENS = {"members": Right.MEMBERS}


def steps(access: Access | None, page: str) -> list[dict[str, str]]:
    """The tour of this person on the page with this URL name: at home the frame comes first, elsewhere the page."""
    own = [shown(access, page, step) for step in PAGES.get(page, ()) if fits(access, step)]
    frame = [shown(access, SHELL, step) for step in FRAME if fits(access, step)]
    last = shown(access, SHELL, LAST)
    if page != HOME:
        return [*own, *frame, last]
    # The account and the help are read about after what one came for.
    return [*frame[:4], *own, *frame[4:], last | lead_from_home(access)]


def fits(access: Access | None, step: Step) -> bool:
    if access is None:
        return not step.inside and step.right is None
    return step.right is None or access.may(step.right)


def shown(access: Access | None, page: str, step: Step) -> dict[str, str]:
    drawn = {"key": f"{page}:{step.anchor}", "anchor": step.anchor, "title": str(step.title), "text": str(step.text)}
    if access and step.then and access.may(OPENS[step.then]) and step.then != page:
        drawn |= {
            "url": f"{reverse(step.then, args=[access.organization.slug])}?tour",
            "action": _("Go on to the users"),
        }
    return drawn


def lead_from_home(access: Access | None) -> dict[str, str]:
    """Home's tour goes on in the list of the first kind."""
    kind = next(iter(kinds.every()), None)
    if access is None or kind is None:
        return {}
    address = reverse("product_list", args=[access.organization.slug, kind.slug])
    return {"url": f"{address}?tour", "action": _("Go on to the list: %(kind)s") % {"kind": kind.label}}


def resumed(steps: list[dict[str, str]], page: str, at: str) -> str:
    """The key of the step at which a tour goes on that stood at `at`: there, or where this page begins to have its own.

    Empty where there is none of it on this page.
    """
    if not at or any(step["key"] == at for step in steps):
        return at
    return next((step["key"] for step in steps if step["key"].startswith(f"{page}:")), "")
