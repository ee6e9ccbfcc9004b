"""The settings of each kind, from its page to the provider: who may change them, when, and what it leaves behind."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from guardian.shortcuts import assign_perm

from organizations import tenancy
from organizations.models import Event
from products import jobs
from products.actions import product as actions
from products.models import Job, Product
from products.models.job import JobState, Verb
from products.models.product import State
from tests.people import World

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Setting:
    """`data` is what the form sends; `wrong` what it refuses; `log` the event's details after sending `data`."""

    kind: str
    verb: str
    row: str
    data: dict[str, str]
    wrong: tuple[dict[str, str], ...]
    log: dict[str, Any]
    permission: str = "configure"

    def __str__(self) -> str:
        return f"{self.kind} {self.verb}"

    @property
    def event(self) -> str:
        return f"{self.row.split('_')[0]}.{self.verb}"

    def saved(self, product: Product) -> dict[str, Any]:
        row = getattr(Product.objects.get(pk=product.pk), self.row)
        return {name: getattr(row, name) for name in self.data}


SETTINGS = [
    Setting(
        "domains",
        "point",
        "domain",
        {"ipv4": "192.0.2.9", "ipv6": "2001:db8::9"},
        ({"ipv4": "nowhere"}, {"ipv4": "192.0.2.9\n192.0.2.8"}, {"ipv6": "192.0.2.9"}, {"ipv6": "::ffff:192.0.2.9"}),
        {"ipv4": ["203.0.113.24", "192.0.2.9"], "ipv6": ["2001:db8:41d0:203::24", "2001:db8::9"]},
        permission="dns",
    ),
    Setting(
        "hosting",
        "configure",
        "hosting",
        {"php_version": "8.5"},
        ({}, {"php_version": ""}, {"php_version": "5.6"}, {"php_version": "8.5\n"}),
        {"php_version": ["8.4", "8.5"]},
    ),
    Setting(
        "email",
        "configure",
        "email_service",
        {"spam_filter": "strict"},
        ({}, {"spam_filter": "none"}, {"spam_filter": "STRICT"}),
        {"spam_filter": ["normal", "strict"]},
    ),
]


@pytest.fixture(params=SETTINGS, ids=str)
def setting(request: pytest.FixtureRequest) -> Setting:
    return request.param


def send(world: World, setting: Setting, data: dict[str, str], person: str = "owner") -> Any:
    product = world.products[setting.kind]
    address = f"/o/acme/{setting.kind}/{product.pk}/{setting.verb}/"
    answer = world.client(person).post(address, data)
    world.access("owner")
    return answer


def look(world: World, setting: Setting, person: str = "owner") -> str:
    return world.client(person).get(f"/o/acme/{setting.kind}/{world.products[setting.kind].pk}/").content.decode()


def works(product: Product) -> list[Job]:
    return list(Job.objects.filter(product=product, verb=Verb.APPLY))


class Forms(HTMLParser):
    """The addresses that the page's forms post to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.actions: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self.actions.append(dict(attrs).get("action") or "")


def offers(page: str, setting: Setting) -> bool:
    return any(action.endswith(f"/{setting.verb}/") for action in Forms(page).actions)


def test_a_change_is_saved_logged_and_applied(world: World, setting: Setting) -> None:
    product = world.products[setting.kind]
    assert send(world, setting, setting.data).status_code == 303
    assert setting.saved(product) == setting.data
    (job,) = works(product)
    event = Event.objects.get(verb=setting.event)
    assert (event.actor, event.target_id, event.details) == (world.users["owner"], product.pk, setting.log)
    jobs.run(job.pk)
    world.access("owner")
    product.refresh_from_db()
    assert Job.objects.get(pk=job.pk).state == JobState.SUCCEEDED
    assert all(value in str(product.facts) for value in setting.data.values())


def test_saying_it_twice_changes_nothing_more(world: World, setting: Setting) -> None:
    for _ in range(2):
        assert send(world, setting, setting.data).status_code == 303
    assert len(works(world.products[setting.kind])) == 1
    assert Event.objects.filter(verb=setting.event).count() == 1


def test_what_is_wrong_is_shown_again(world: World, setting: Setting) -> None:
    world.access("owner")
    product = world.products[setting.kind]
    before = setting.saved(product)
    for wrong in setting.wrong:
        answer = send(world, setting, wrong)
        assert answer.status_code == 422, wrong
        assert offers(answer.content.decode(), setting)
    assert setting.saved(product) == before
    assert works(product) == []


@pytest.mark.parametrize("state", [State.ORDERED, State.PENDING, State.FAILED, State.CANCELLED])
def test_only_what_is_set_up_has_settings(world: World, setting: Setting, state: State) -> None:
    world.access("owner")
    product = world.products[setting.kind]
    before = setting.saved(product)
    Product.objects.filter(pk=product.pk).update(state=state)
    assert not offers(look(world, setting), setting)
    assert send(world, setting, setting.data).status_code == 422
    assert setting.saved(product) == before
    assert works(product) == []


def test_suspended_keeps_its_settings_open(world: World, setting: Setting) -> None:
    world.access("owner")
    product = world.products[setting.kind]
    Product.objects.filter(pk=product.pk).update(state=State.SUSPENDED)
    assert offers(look(world, setting), setting)
    assert send(world, setting, setting.data).status_code == 303
    assert setting.saved(product) == setting.data


def test_nothing_is_made_again_after_a_cancellation(world: World, setting: Setting) -> None:
    access = world.access("owner")
    product = world.products[setting.kind]
    actions.cancel(product, by=access)
    assert not offers(look(world, setting), setting)
    assert send(world, setting, setting.data).status_code == 422
    assert works(product) == []


def test_the_form_is_there_for_whom_it_works(world: World, setting: Setting) -> None:
    product = world.products[setting.kind]
    with tenancy.scope(world.acme.pk):
        assign_perm("view", world.users["collaborator"], product)
    assert not offers(look(world, setting, "collaborator"), setting)
    assert str(product.kind.all_permissions[setting.permission]) in look(world, setting, "collaborator")
    assert send(world, setting, setting.data, "collaborator").status_code == 403
    assert works(product) == []
    with tenancy.scope(world.acme.pk):
        assign_perm(setting.permission, world.users["collaborator"], product)
    assert offers(look(world, setting, "collaborator"), setting)
    assert send(world, setting, setting.data, "collaborator").status_code == 303
    assert send(world, setting, setting.data, "outsider").status_code == 404


def test_an_address_can_be_taken_away(world: World) -> None:
    assert send(world, SETTINGS[0], {"ipv4": "192.0.2.9", "ipv6": ""}).status_code == 303
    domain = Product.objects.get(pk=world.products["domains"].pk).domain
    assert (domain.ipv4, domain.ipv6) == ("192.0.2.9", None)


def test_what_the_provider_said_is_shown(world: World, setting: Setting) -> None:
    access = world.access("owner")
    product = world.products[setting.kind]
    job = actions.observe(product, by=access)
    jobs.run(job.pk)
    world.access("owner")
    # Nothing was made yet: the sandbox does not know it.
    assert "notice tone-warning" in look(world, setting)
    send(world, setting, setting.data)
    jobs.run(works(product)[0].pk)
    page = look(world, setting)
    assert "notice tone-warning" not in page
    assert "Sandbox" in page
    assert "Read just now" in page
    if setting.kind == "domains":
        assert all(f">{kind}</span>" in page for kind in ("SOA", "NS", "A", "AAAA", "MX", "TXT"))
        assert "192.0.2.9" in page
        assert "v=spf1 mx -all" in page
    if setting.kind == "hosting":
        assert "/acme.ch" in page
    if setting.kind == "email":
        assert "mx1.kestrel.example" in page
