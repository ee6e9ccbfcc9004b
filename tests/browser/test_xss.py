"""Whatever people write stays text: on every page that shows it, for the customer and for the staff."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from accounts.models import Mail
from organizations import tenancy
from organizations.models import Event, Invitation, Team
from products.models import AccessRequest, ApiToken, Job
from tests.browser.test_pages_everywhere import pages
from tests.browser.visit import WIDE, Inspector, enter
from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Each tries another way in: an element, an attribute in each kind of quotes, a script, a template, a style.
CORPUS = (
    "<img src=x onerror=alert(1) data-in>",
    '"><svg onload=alert(1) data-in>',
    "'><b data-in onclick='alert(1)'>",
    "</script><script>alert(1)</script><i data-in>",
    "</title></textarea></style><b data-in>",
    "<a href=javascript:alert(1) data-in>",
    "{{7*7}}{% now 'Y' %}${7*7}<u data-in>",
    "--><s data-in><!--",
    "<style>*{display:none}</style><s data-in>",
    "&lt;img data-in&gt;&#60;b data-in&#62;",
    "\u202egnp.exe\u202c\u2066<b data-in>",
    'x" autofocus onfocus=alert(1) data-in="',
)
INJECTED = """() => [...document.querySelectorAll("[data-in]")].map((element) => element.outerHTML.slice(0, 120))"""


def words(room: int) -> Iterator[str]:
    """The corpus round and round, cut to the room that a field has."""
    while True:
        for text in CORPUS:
            yield text[:room]


@pytest.fixture
def hostile(world: World) -> World:
    """Every text that a person can write holds something of the corpus, past every form."""
    names, long = words(60), words(500)
    for user in world.users.values():
        user.first_name, user.last_name = next(names), next(names)
        user.save()
    for organization in (world.acme, world.other):
        organization.name, organization.street, organization.city = next(names), next(names), next(names)
        organization.save()
    for plan in world.plans.values():
        plan.name, plan.summary = next(names), next(names)
        plan.save()
    owner = world.users["owner"]
    with tenancy.scope(world.acme.pk):
        Team.objects.filter(organization=world.acme).update(name=next(names))
        Invitation.objects.filter(organization=world.acme).update(message=next(long))
        for product in world.products.values():
            product.name = next(names)
            product.save()
            Job.objects.create(
                organization=world.acme, product=product, verb="apply", state="failed", error=next(long)[:300]
            )
        AccessRequest.objects.create(
            organization=world.acme, user=world.users["collaborator"], right="edit", message=next(long)
        )
        for text in CORPUS:
            ApiToken.objects.create(
                organization=world.acme, user=owner, name=text, prefix="prt_x", digest=text[:64], permissions=["view"]
            )
            Event.objects.create(
                organization=world.acme,
                actor=owner,
                actor_name=text,
                actor_email=text,
                via=text,
                verb="organization.change",
                target_type="organizations.organization",
                target_id=world.acme.pk,
                target_name=text,
                details={"changes": {"name": [text, text]}, "reason": text, "name": text},
            )
    return world


@pytest.fixture
def inspector(browser: Browser, live_server: Any, settings: Any) -> Iterator[Inspector]:
    settings.BASE_URL = live_server.url
    context = browser.new_context(
        base_url=live_server.url,
        viewport=WIDE,  # type: ignore[arg-type]
        locale="en-GB",
        service_workers="block",
    )
    context.set_default_timeout(15_000)
    inspector = Inspector(context.new_page(), live_server.url)
    inspector.page.on(
        "dialog", lambda dialog: (inspector.faults.append(f"a dialog on {dialog.page}"), dialog.dismiss())
    )
    yield inspector
    context.close()


def look(inspector: Inspector, address: str) -> bool:
    """Whether something of the corpus stands there, as text."""
    inspector.open(address)
    page: Page = inspector.page
    if found := page.evaluate(INJECTED):
        inspector.faults.append(f"{address}: {found}")
    return any(text in page.inner_text("body") for text in ("data-in", "onerror=", "<svg", "</title>", "{{7*7}}"))


def test_the_customer_reads_it_as_text(inspector: Inspector, hostile: World) -> None:
    every = pages(hostile, "owner")
    assert len(every) >= 40
    enter(inspector.page.context, hostile, "owner", inspector.base)
    assert sum(look(inspector, address) for _name, address in every) >= 30
    assert not inspector.faults, "\n".join(inspector.faults)


def test_the_search_and_the_palette_read_it_as_text(inspector: Inspector, hostile: World) -> None:
    enter(inspector.page.context, hostile, "owner", inspector.base)
    page = inspector.page
    for text in CORPUS[:4]:
        page.goto("/o/acme/")
        page.keyboard.press("Control+k")
        with page.expect_response(lambda response: "/search/" in response.url):
            page.keyboard.insert_text(text)
        page.locator("#palette-results").wait_for()
        assert page.evaluate(INJECTED) == []
        page.goto("/search/?q=%3Cimg%20src%3Dx%20data-in%20onerror%3Dalert(1)%3E")
        assert page.evaluate(INJECTED) == []
    assert not inspector.faults, "\n".join(inspector.faults)


def test_the_staff_and_a_stranger_read_it_as_text(inspector: Inspector, hostile: World) -> None:
    for person, least in (("staff", 3), ("viewer", 5)):
        every = pages(hostile, person)
        assert len(every) >= least
        enter(inspector.page.context, hostile, person, inspector.base)
        for _name, address in every:
            if person == "staff" or "/o/acme/" in address:
                look(inspector, address)
    assert not inspector.faults, "\n".join(inspector.faults)


def test_a_mail_in_html_is_text_too(inspector: Inspector, hostile: World) -> None:
    """What was written as HTML, drawn on an empty page."""
    client = hostile.client("owner")
    data = {"emails": "mail@example.com", "role": "collaborator", "message": CORPUS[0], "ends": "", "find": ""}
    client.post("/o/acme/invitations/new/", data)
    client.post("/o/acme/members/remind/")
    mails = list(Mail.objects.all())
    assert mails
    for mail in mails:
        assert "\n" not in mail.subject
        inspector.page.set_content(mail.html or "<p></p>")
        assert inspector.page.evaluate(INJECTED) == [], mail.key
