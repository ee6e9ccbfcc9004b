"""The guided tour, as data: each step stands beside an element that carries `data-tour` with its anchor."""

from django.utils.translation import gettext as _

from organizations.access import Access
from organizations.roles import Right


def steps(access: Access) -> list[dict[str, str]]:
    """The tour of this person: what they may not use is not shown to them."""
    shown = [
        (
            "switcher",
            _("Your organizations"),
            _("Each organization has its own products, users and invoices. Switch here without signing in again."),
        ),
        ("search", _("Find anything"), _("Type part of a name. Ctrl K or the slash key brings you here.")),
        ("products", _("All products, from everywhere"), _("This menu opens the list of each kind of product.")),
        ("navigation", _("The same, and the rest"), _("Users, orders, invoices and settings are here too.")),
        (
            "tiles",
            _("How your products are doing"),
            _("A tile opens its list. Click the name of a product to open it."),
        ),
        ("order", _("Order a product"), _("Domains, hosting and email, set up while you watch."))
        if access.may(Right.ORDER)
        else None,
        ("tour", _("Once more?"), _("This button starts the tour again, whenever you like.")),
    ]
    return [{"anchor": step[0], "title": step[1], "text": step[2]} for step in shown if step]
