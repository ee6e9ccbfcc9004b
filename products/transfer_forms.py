"""What is said of a transfer: which products, and to whom; and by the other side, for which organization."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from organizations.access import Access
from organizations.gate import VIEW_AS, as_member, client_address, is_open, memberships
from organizations.models import Membership, Organization
from organizations.roles import Right
from products import elsewhere, kinds, names, transfers
from products.models import Product

OWN, EMAIL, LINK = "own", "email", "link"
WAYS = [
    (OWN, gettext_lazy("To another organization of mine")),
    (EMAIL, gettext_lazy("To somebody, by email")),
    (LINK, gettext_lazy("By a link that I pass on myself")),
]


@dataclass(frozen=True)
class Place:
    """One of the person's organizations, and why it cannot take products by their hand; empty when it can."""

    access: Access
    reason: str

    @property
    def organization(self) -> Organization:
        return self.access.organization

    @property
    def lacks_right(self) -> bool:
        """Somebody there could help: what is missing is a right."""
        return not self.access.may(Right.ORDER)


def places(request: HttpRequest, user: Any, *, but: int) -> list[Place]:
    """The person's organizations, but for the one that the products come from."""
    address = client_address(request)
    found = [each for each in memberships(request) if each.organization_id != but and each.user_id == user.pk]
    return [place(request, each, Access(user, each.organization, each, address)) for each in found]


def place(request: HttpRequest, membership: Membership, access: Access) -> Place:
    reason = str(access.decide(Right.ORDER).reason) if not access.may(Right.ORDER) else ""
    if not reason and not is_open(request, membership):
        text = _("%(organization)s asks for a second factor, and your login has none.")
        reason = text % {"organization": access.organization}
    if not reason and (person := looked_at_as(request, membership, access)):
        text = _("You are looking at %(organization)s as %(person)s. That is read-only.")
        reason = text % {"organization": access.organization, "person": person}
    return Place(access, reason)


def looked_at_as(request: HttpRequest, membership: Membership, access: Access) -> User | None:
    """As whom this session looks at that organization; None where it looks with the person's own eyes."""
    if str(access.organization.pk) not in request.session.get(VIEW_AS, {}):
        return None
    with elsewhere.open_to([membership]):
        seen = as_member(request, access)
    return seen.user if seen.viewer else None


class TransferForm(forms.Form):
    """The chosen products and where they go. What narrows the list is part of it, so that nothing is lost meanwhile."""

    product = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Products"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one product."),
            "invalid_choice": gettext_lazy("One of the chosen products is no longer here."),
        },
    )
    to = forms.ChoiceField(label=gettext_lazy("To whom"), choices=WAYS, widget=forms.RadioSelect)
    organization = forms.ChoiceField(label=gettext_lazy("Organization"), required=False)
    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Only a person who signs in with this address can accept."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    message = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Shown to whoever accepts."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # Names this form: sent twice, it makes one transfer.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    q = forms.CharField(max_length=253, required=False, widget=forms.HiddenInput)
    kind = forms.CharField(max_length=30, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, access: Access, places: list[Place], ids: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access, self.places = access, places
        self.chosen = transfers.held(access, numbers(ids))
        self.open_places = {each.organization.slug: each for each in places if not each.reason}
        # As they are chosen: what one may not see is no choice.
        self.choose("product", [(pk, product.name) for pk, product in self.chosen.items()])
        self.choose("organization", [(slug, str(each.organization)) for slug, each in self.open_places.items()])

    def choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    @classmethod
    def sent(cls, data: QueryDict, **about: Any) -> "TransferForm":
        return cls(data, ids=data.getlist("product"), **about)

    @classmethod
    def unchecked(cls, data: QueryDict, **about: Any) -> "TransferForm":
        """The form as it was left, without a word about what is missing: it is not sent yet."""
        form = cls(ids=data.getlist("product"), **about)
        form.initial = {
            name: field.widget.value_from_datadict(data, {}, name)
            for name, field in form.fields.items()
            if name in data
        }
        form.initial.setdefault("to", OWN if form.open_places else EMAIL)
        form.initial["key"] = form.initial.get("key") or str(uuid4())
        return form

    @property
    def query(self) -> str:
        return str(self["q"].value() or "")[:253].strip()

    @property
    def kind_slug(self) -> str:
        """The kind that the list is narrowed to; empty for all."""
        wanted = str(self["kind"].value() or "")
        return wanted if wanted in {kind.slug for kind in kinds.every()} else ""

    @property
    def target(self) -> Place | None:
        return self.open_places.get(self.cleaned_data["organization"]) if self.cleaned_data["to"] == OWN else None

    @property
    def bound_email(self) -> str:
        return str(self.cleaned_data["email"]).lower() if self.cleaned_data["to"] == EMAIL else ""

    def clean_product(self) -> list[int]:
        ids = list(dict.fromkeys(self.cleaned_data["product"]))
        if len(ids) > transfers.MOST:
            text = _("Up to %(number)d products move at once; these are %(found)d.")
            raise forms.ValidationError(text, params={"number": transfers.MOST, "found": len(ids)})
        stuck = [(self.chosen[pk], transfers.closed(self.access, self.chosen[pk])) for pk in ids]
        if errors := [told(product, reason) for product, reason in stuck if reason]:
            raise forms.ValidationError(errors)
        return ids

    def clean_key(self) -> Any:
        return self.cleaned_data["key"] or uuid4()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("to") == OWN and not data.get("organization") and "organization" not in self.errors:
            self.add_error("organization", _("Choose the organization that takes the products."))
        if data.get("to") == EMAIL and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter the address of the person who accepts."))
        return data


def told(product: Product, reason: str) -> forms.ValidationError:
    return forms.ValidationError("%(name)s: %(reason)s", params={"name": names.shown(product.name), "reason": reason})


def numbers(texts: list[str]) -> list[int]:
    """Those of the texts that can be ids, up to one more than may move at once."""
    found = dict.fromkeys(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 18)
    return list(found)[: transfers.MOST + 1]


class AcceptForm(forms.Form):
    """For which of their organizations a person takes what they are offered."""

    organization = forms.ChoiceField(
        label=gettext_lazy("Organization"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the organization that takes the products.")},
    )

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_places = {each.organization.slug: each for each in places if not each.reason}
        choices = [(slug, str(each.organization)) for slug, each in self.open_places.items()]
        cast(forms.ChoiceField, self.fields["organization"]).choices = choices
        if len(choices) == 1:
            self.initial.setdefault("organization", choices[0][0])
