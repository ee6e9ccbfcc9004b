"""One-line texts: what people type into names appears in mails, so it brings no lines and no hidden signs along."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.forms import CharField

from accounts.forms import ProfileForm, SignupForm
from accounts.models import Mail
from accounts.passkeys import AddForm, EditForm
from billing.forms import CheckoutForm
from manager.web.lines import Line, quoted
from organizations.actions import organization as organizations
from organizations.forms import OrganizationForm
from organizations.team_forms import TeamForm
from products.actions import request as requests
from products.forms import LabelForm, ReplyForm
from products.token_forms import TokenForm
from tests.people import World

TYPED = "Kestrel\r\n\r\nYour account is locked:\u2028https://evil.example"


@pytest.mark.parametrize(
    "text", ["  Kestrel \t & \u00a0Sons\n\n Ltd ", "Kestrel\u2028& Sons\u2029Ltd", "Kestrel\v&\fSons\x85Ltd"]
)
def test_spaces_and_breaks_become_one_space(text: str) -> None:
    assert Line().clean(text) == "Kestrel & Sons Ltd"


@pytest.mark.parametrize(
    "sign",
    ["\0", "\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\u200e", "\u200b", "\u00ad", "\ufeff", "\u3164", "\U000e0041"],
)
def test_what_is_not_seen_is_refused(sign: str) -> None:
    field = Line()
    with pytest.raises(Exception, match="not seen") as caught:
        field.clean(f"Kes{sign}trel")
    assert len(caught.value.messages) == 1


@pytest.mark.parametrize(
    "text", ["Zoë O’Brien-Łukasz", "می\u200cخواهم", "क्\u200dष", "👩\u200d💻 Club", "北斗株式会社", "שלום"]
)
def test_other_scripts_are_welcome(text: str) -> None:
    assert Line().clean(text) == text


def test_a_joiner_hides_nothing_between_latin_letters() -> None:
    for text in ("Kes\u200ctrel", "\u200dKestrel", "می\u200c\u200cخواهم"):
        with pytest.raises(Exception, match="not seen"):
            Line().clean(text)


def test_the_length_counts_what_stays() -> None:
    assert Line(max_length=3).clean("a \n\n b") == "a b"
    with pytest.raises(Exception, match="at least 3"):
        Line(min_length=3).clean("a\n\n\n ")


FIELDS = [
    *((OrganizationForm, name) for name in ("name", "street", "postcode", "city", "phone", "vat_number")),
    *((CheckoutForm, name) for name in ("company", "street", "postcode", "city")),
    *((form, name) for form in (SignupForm, ProfileForm) for name in ("first_name", "last_name")),
    (TeamForm, "name"),
    (TokenForm, "name"),
    (LabelForm, "text"),
    (AddForm, "name"),
    (EditForm, "name"),
]


@pytest.mark.parametrize(("form", "name"), FIELDS)
def test_every_name_is_one_line(form: Any, name: str) -> None:
    assert isinstance(form.base_fields[name], Line)


def test_no_other_text_is_typed_into_a_form() -> None:
    """A new one-line text is a `Line`, or is here because it is never repeated to anybody."""
    elsewhere = {
        "organizations/forms.py": 1,  # the name of what is deleted, compared only
        "products/forms.py": 5,  # a domain name, a right, two messages, an address of ours
        "products/invitation_forms.py": 3,  # addresses, a message, a search
        "products/transfer_forms.py": 3,  # a message, a search, a kind
        "products/token_forms.py": 1,  # a search
        "products/views/api.py": 1,  # a search
        "manager/shell/log.py": 1,  # a search
        "manager/help/forms.py": 1,  # a reader's words, for the staff's page
        "manager/dev/gallery_samples.py": 1,  # shown to developers only
        "organizations/views/saved_view.py": 1,  # an address of ours
        "products/views/bulk.py": 1,  # an address of ours
    }
    ours = [config for config in apps.get_app_configs() if config.name.split(".")[0] in LAYERS]
    root = Path(__file__).parents[2]
    found = {}
    for layer in {config.name.split(".")[0] for config in ours}:
        for path in (root / layer).rglob("*.py"):
            if number := path.read_text().count(f"forms.{CharField.__name__}("):
                found[str(path.relative_to(root))] = number
    found.pop("manager/web/lines.py", None)
    assert found == elsewhere


LAYERS = ("manager", "accounts", "organizations", "products", "billing")


def test_a_name_adds_no_paragraph_to_a_mail(world: World) -> None:
    address = {"street": "Weg 1", "postcode": "8000", "city": "Zürich", "country": "CH"}
    client = world.client("nobody")
    page = client.get("/organizations/new/")
    key = page.context["form"].initial["key"]
    client.post("/organizations/new/", {"key": key, "form": "company", "name": TYPED} | address)
    made = organizations.Organization.objects.get(key=key)
    assert made.name == "Kestrel Your account is locked: https://evil.example"


def test_messages_are_marked_as_somebodys_words(world: World) -> None:
    told = "I need it.\r\n\r\nYour account is locked:\u2028https://evil.example"
    asked = requests.ask("billing", None, told, by=world.access("collaborator"))
    sent = Mail.objects.filter(key__startswith=f"request:{asked.pk}:").first()
    assert sent is not None
    assert "\n> I need it.\n>\n> Your account is locked:\n> https://evil.example\n" in sent.text
    assert "\nYour account" not in sent.text
    form = ReplyForm({"reply": "No.\n\nPay here"})
    assert form.is_valid()
    requests.decline(asked, form.cleaned_data["reply"], by=world.access("owner"))
    answer = Mail.objects.get(key=f"request:{asked.pk}:answer")
    assert "\n> No.\n>\n> Pay here\n" in answer.text


def test_quoted_marks_each_line() -> None:
    assert quoted("a\r\n\nb\x0bc") == "> a\n>\n> b\n> c"
