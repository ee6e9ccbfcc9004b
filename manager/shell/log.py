"""The activity log as one person may read it: which lines, chosen by whom, what, when and which words."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, IntegerField, Max, Q, QuerySet, TextChoices, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from manager.web.keyset import GREATEST
from organizations import event_labels, sentences
from organizations.access import Access
from organizations.models import Event, Membership
from organizations.roles import Right
from products import kinds, names
from products.models import Product

PRODUCT = Product._meta.label_lower
# Stands for the portal among the people.
PORTAL = 0
# So many products are offered to choose from; beyond, one searches.
OFFERED = 100
# So many lines are asked whom they name: older ones are found by searching for the name.
NEWER = 2_000
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)


class Group(TextChoices):
    PRODUCTS = "products", _("Products")
    RIGHTS = "rights", _("Rights")
    USERS = "users", _("Users")
    MONEY = "money", _("Orders and payments")
    ORGANIZATION = "organization", _("Organization")


# By the noun of the verb; every other one is of a product, as those of the kinds are.
NOUNS = {
    **dict.fromkeys(("grant", "request", "team", "token"), Group.RIGHTS),
    **dict.fromkeys(("member", "invitation"), Group.USERS),
    **dict.fromkeys(("order", "invoice", "payment", "credit"), Group.MONEY),
    **dict.fromkeys(("organization", "log", "second_factor"), Group.ORGANIZATION),
}


def group_of(verb: str) -> Group:
    return NOUNS.get(verb.partition(".")[0], Group.PRODUCTS)


def actions() -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be chosen: a whole group, or one verb of it."""
    grouped: dict[Group, list[tuple[str, str]]] = {group: [] for group in Group}
    for verb, label in event_labels.known().items():
        grouped[group_of(verb)].append((verb, str(label)))
    every = gettext("%(group)s: all of it")
    return [
        (str(group.label), [(group.value, every % {"group": group.label}), *sorted(verbs, key=lambda pair: pair[1])])
        for group, verbs in grouped.items()
    ]


def events(access: Access) -> QuerySet[Event]:
    """The log that this person may read: all of it, or that of the products they see."""
    rows = Event.objects.filter(organization=access.organization)
    if access.may(Right.LOG):
        return rows
    visible = Product.objects.visible_to(access).order_by().values("pk")
    return rows.filter(target_type=PRODUCT, target_id__in=visible)


# How a line names what one can choose beyond the list.
NAMED: dict[str, Callable[[Event], str]] = {
    "person": lambda event: event.actor_name,
    "product": lambda event: names.shown(event.target_name),
}


class FilterForm(forms.Form):
    """Every field may stay empty. What the address says is checked, and offered again."""

    q = forms.CharField(label=_("Search"), required=False, max_length=253)
    person = forms.IntegerField(label=_("Person"), required=False, min_value=0, max_value=GREATEST)
    product = forms.IntegerField(label=_("Product"), required=False, min_value=1, max_value=GREATEST)
    action = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(label=pgettext_lazy("date", "From"), required=False)
    until = forms.DateField(label=pgettext_lazy("date", "To"), required=False)

    def __init__(self, data: Any, *, people: list[tuple[int, str]], products: list[tuple[int, str]]) -> None:
        super().__init__(data, auto_id="filter-%s")
        offered = {"person": (_("Everybody"), people), "product": (_("All products"), products)}
        for name, (nothing, choices) in offered.items():
            self.fields[name].widget = forms.Select(choices=[("", nothing), *choices])
        field = self.fields["action"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Everything")), *actions()]
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            self.fields[name].validators += [MinValueValidator(FIRST), MaxValueValidator(LAST)]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("since") and chosen.get("until") and chosen["since"] > chosen["until"]:
            raise ValidationError({"until": _("This day is before the first one.")})
        return chosen

    def offer(self, name: str, words: str) -> None:
        """What was chosen stays to choose, by its name, although the list has no room for it."""
        widget = self.fields[name].widget
        assert isinstance(widget, forms.Select)
        widget.choices = [*widget.choices, (self.cleaned_data[name], words)]

    @property
    def chosen(self) -> dict[str, Any]:
        """What narrows the log."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


def offered(access: Access) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The people and the products that one can choose, by name. One query.

    People are those whom its newer lines name, and for whoever reads all of it every member.
    """
    who, what, gone = (Value(number, IntegerField()) for number in (1, 2, 3))
    nothing = Value("", TextField())
    newer = events(access).order_by("-pk").values("pk")[:NEWER]
    told = (
        Event.objects.filter(organization=access.organization, pk__in=newer)
        .order_by()
        .values("actor")
        .annotate(sort=gone, kind=nothing, name=Max("actor_name"))
    )
    rows: list[QuerySet[Any]] = [told.values_list("sort", "actor", "kind", "name")]
    if access.may(Right.LOG):
        name = Concat("user__first_name", Value(" "), "user__last_name", output_field=TextField())
        members = Membership.objects.filter(organization=access.organization).order_by()
        rows.append(members.annotate(sort=who, kind=nothing, name=name).values_list("sort", "user_id", "kind", "name"))
    products = Product.objects.visible_to(access).annotate(sort=what).order_by("name", "pk")
    rows.append(products.values_list("sort", "pk", "kind_slug", "name")[: OFFERED + 1])
    people: dict[int, str] = {}
    some: list[tuple[int, str]] = []
    for sort, pk, kind, name in sorted(rows[0].union(*rows[1:], all=True).order_by(), key=lambda row: row[0]):
        if sort == what.value:
            some.append((pk, f"{names.shown(name)} ({kinds.get(kind).label_one})"))
        else:
            people.setdefault(pk or PORTAL, name if pk else gettext("The portal"))
    few = sorted(some, key=lambda pair: pair[1].casefold()) if len(some) <= OFFERED else []
    return sorted(people.items(), key=lambda pair: pair[1].casefold()), few


def narrowed(access: Access, chosen: dict[str, Any]) -> QuerySet[Event]:
    """The lines that this person may read, and that fit all that was chosen."""
    rows = events(access)
    if (person := chosen.get("person")) is not None:
        rows = rows.filter(actor=person or None)
    if product := chosen.get("product"):
        rows = rows.filter(target_type=PRODUCT, target_id=product)
    if action := chosen.get("action"):
        verbs = [verb for verb in sentences.known() if group_of(verb) == action]
        rows = rows.filter(verb__in=verbs or [action])
    if since := chosen.get("since"):
        rows = rows.filter(created_at__gte=midnight(since))
    if until := chosen.get("until"):
        rows = rows.filter(created_at__lt=midnight(until + timedelta(days=1)))
    if text := chosen.get("q"):
        rows = rows.annotate(told=Cast(F("details"), TextField())).filter(containing(spellings(text), columns(access)))
    return rows


def columns(access: Access) -> list[str]:
    """Where words are looked for: in what the person reads of a line."""
    email = ["actor_email"] if access.may(Right.LOG) else []
    return ["target_name", "actor_name", "via", "told", *email]


def containing(texts: Iterable[str], columns: Iterable[str]) -> Q:
    found = Q()
    for text in texts:
        for column in columns:
            found |= Q(**{f"{column}__icontains": text})
    return found


def spellings(text: str) -> set[str]:
    """As it was typed, and a domain name also as it is recorded."""
    try:
        return {text, names.normal(text)}
    except ValueError:
        return {text}


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
