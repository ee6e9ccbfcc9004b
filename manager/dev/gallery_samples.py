"""What the components of the templates are shown with; and those that only a page of the portal can show, and why."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms

Context = dict[str, Any]
PLACES = [
    {"name": "Studio Lumen", "initials": "SL", "tone": "pink", "logo_url": "", "url": "#top", "note": "3 products"},
    {"name": "Donaudampfschifffahrt", "initials": "DO", "tone": "blue", "logo_url": "", "url": "#top", "note": "1"},
]
LATER = "You need the right “Billing” in Atelier Nordwind. Marie Dupont can give it to you."


class Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As it is printed on invoices.")
    country = forms.ChoiceField(label="Country", choices=[("CH", "Switzerland"), ("AT", "Austria")], required=False)
    mail = forms.BooleanField(label="Tell me by email", required=False)


def form(theme: str, refused: bool = False) -> Form:
    return Form({"country": "CH"} if refused else None, prefix=f"{theme}-{'refused' if refused else 'open'}")


def fields(theme: str) -> Iterable[Context]:
    from manager.web.forms import field_context

    return [field_context(bound) for which in (False, True) for bound in form(theme, which)]


def summary(theme: str) -> Iterable[Context]:
    from manager.web.forms import error_links

    refused = form(theme, refused=True)
    return [{"links": error_links(refused), "id": refused.prefix}]


def toasts(theme: str) -> Iterable[Context]:
    told = (("circle-check", "good", "Access saved."), ("circle-alert", "danger", "The server did not answer."))
    return [{"icon": icon, "tone": tone, "text": text} for icon, tone, text in told]


SAMPLES: dict[str, Callable[[str], Iterable[Context]]] = {
    "elsewhere": lambda theme: [{"places": PLACES, "plain": theme == "dark"}],
    "empty": lambda theme: [
        {
            "icon": "server",
            "tone": "hosting",
            "title": "No hosting yet",
            "text": "What you order is set up at once.",
            "url": "#top",
            "action": "Order",
        },
    ],
    "error_summary": summary,
    "field": fields,
    "field_notes": lambda theme: [{"id": f"notes-{theme}", "hint": "Printed on every invoice", "errors": ["Too long"]}],
    "form_errors": lambda theme: [{"form": form(theme, refused=True)}],
    "locked": lambda theme: [
        {"id": f"locked-{theme}", "label": "Pay invoice", "reason": LATER},
        {"id": f"locked-small-{theme}", "label": "Renew", "reason": LATER, "look": "button-small", "about": "nord.ch"},
    ],
    "organization_logo": lambda theme: [{"organization": place} for place in PLACES],
    "reason": lambda theme: [{"label": "Pay invoice", "reason": LATER}],
    "reload": lambda theme: [{"url": "#top"}],
    "stepper": lambda theme: [{"current": current} for current in ("cart", "details", "pay")],
    "toast": toasts,
}

OF_THE_SHELL = "a part of the frame around every page of who is signed in"
BY_ACCESS = "draws what the rights of a person decide"
OF_A_LIST = "stands below a list, and keeps the other parameters of its address"
OF_A_PRODUCT = "tells what was observed of a product"
ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(("account_menu", "bell", "help_menu", "language_menu", "palette", "product_menu"), OF_THE_SHELL),
    **dict.fromkeys(("sidebar", "switcher", "toasts", "topbar", "tour", "breadcrumbs"), OF_THE_SHELL),
    **dict.fromkeys(("ask", "second_factor", "settings", "viewing"), BY_ACCESS),
    **dict.fromkeys(
        ("pages", "slice", "bulk_bar", "list_header", "list_chips", "list_heads", "list_none", "list_said"), OF_A_LIST
    ),
    **dict.fromkeys(("missing", "observed"), OF_A_PRODUCT),
    **dict.fromkeys(("guides", "help_link"), "leads to guides of the help centre"),
    "account_tabs": "the tabs of one's own account",
    "event": "a line of the activity log, with links to its subject",
    "refresh": "a line of the head that loads the page again where there are no scripts",
}
