"""What can be done to many products at once: the ordinary actions, one product after the other."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.access import Access
from products.actions import product as actions
from products.kinds import Permission
from products.models import Product

Text = str | Promise


@dataclass(frozen=True)
class Action:
    """`do` gets the product, the text of the run, and who wants it. Said twice, it changes nothing more."""

    name: str
    label: Text
    icon: str
    permission: str
    do: Callable[[Product, str, Access], object]
    # What the page of a run is called.
    title: Text = ""
    takes_text: bool = False


ACTIONS = {
    action.name: action
    for action in (
        Action(
            "label",
            _("Set the label"),
            "tag",
            Permission.CONFIGURE,
            lambda product, text, by: actions.label(product, text=text, by=by),
            _("Label products"),
            takes_text=True,
        ),
        Action(
            "observe",
            _("Check at the provider"),
            "refresh-cw",
            Permission.CONFIGURE,
            lambda product, text, by: actions.observe(product, by=by),
            _("Check products"),
        ),
        Action(
            "resume",
            _("Resume"),
            "play",
            Permission.LIFECYCLE,
            lambda product, text, by: actions.resume(product, by=by),
            _("Resume products"),
        ),
        Action(
            "suspend",
            _("Suspend"),
            "pause",
            Permission.LIFECYCLE,
            lambda product, text, by: actions.suspend(product, by=by),
            _("Suspend products"),
        ),
    )
}
