"""Demo data: a webmaster with three clients, their owners, a collaborator with few rights, and about forty products.

Everything is made by the same actions that people's clicks call, so it is as real as what they make.
"""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from billing.actions import cart as carts
from billing.actions import order as orders
from billing.actions import payment as payments
from billing.models import Cart, Order
from billing.tasks import settle_delivery
from manager.dev import demo_people
from manager.dev.demo_cast import BRUECKNER, COLLABORATOR, OWNER, PEOPLE, REBSTOCK, WEBMASTER, Person
from organizations import events, tenancy
from organizations.access import Access
from organizations.models import Membership, Organization
from organizations.roles import Role
from products import jobs
from products.actions import product as products
from products.actions.grant import set_level
from products.kinds import Preset
from products.models import Job, Plan, Product

PASSWORD = "kestrel-demo-2026"


# Name of the organization, its founder, its address, and its orders: [(kind, plan, name)].
CLIENTS = (
    (
        {
            "name": "Atelier Nordwind",
            "form": "company",
            "street": "Seestrasse 12",
            "postcode": "8002",
            "city": "Zürich",
            "country": "CH",
        },
        OWNER,
        (
            "atelier-nordwind.ch",
            "nordwind-galerie.com",
            "nordwind-keramik.ch",
            "atelier-nordwind.at",
            "shop-nordwind.ch",
        ),
    ),
    (
        {
            "name": "Digitalagentur Brückner & Söhne",
            "form": "company",
            "street": "Lindenweg 4",
            "postcode": "10115",
            "city": "Berlin",
            "country": "DE",
        },
        BRUECKNER,
        (
            "brueckner-soehne.de",
            "baeckerei-sonnenblume.de",
            "kanzlei-oezdemir.de",
            "ferienhaus-lindau.com",
            "musikschule-am-park.de",
            "lichtspielhaus-zentral.org",
            "donaudampfschifffahrtsgesellschaft-online.at",
        ),
    ),
    (
        {
            "name": "Weingut Rebstock",
            "form": "company",
            "street": "Kellergasse 1",
            "postcode": "2070",
            "city": "Retz",
            "country": "AT",
        },
        REBSTOCK,
        ("weingut-rebstock.at", "rebstock-weine.com"),
    ),
)
SUSPENDED = "kanzlei-oezdemir.de"


def exists() -> bool:
    return User.objects.filter(email=WEBMASTER.email).exists()


def make() -> None:
    """All of it, at once. What is simulated takes no time here."""
    people = {person: sign_up(person) for person in PEOPLE}
    settings.SANDBOX_STEP_SECONDS = 0
    for address, founder, names in CLIENTS:
        furnish(address, people[founder], people[WEBMASTER], names)
    invite(people)


def sign_up(person: Person) -> User:
    names = {"first_name": person.first_name, "last_name": person.last_name, "is_staff": person.is_staff}
    user = User.objects.create_user(person.email, PASSWORD, **names)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def furnish(address: dict[str, str], founder: User, webmaster: User, names: tuple[str, ...]) -> None:
    """The organization, its webmaster, and a domain, hosting and email for each name."""
    order = buy(names, founder=events.Person(founder), address=address)
    organization = order.organization
    with tenancy.scope(organization.pk):
        member = Membership.objects.get(organization=organization, user=founder)
        access = Access(founder, organization, member)
        payments.pay(order, "approve", by=access)
        Membership.objects.create(organization=organization, user=webmaster, role=Role.ADMINISTRATOR)
        for number, product in enumerate(Product.objects.filter(organization=organization).order_by("pk")):
            products.label(product, text=("Customer", "", "Internal")[number % 3], by=access)
    run_jobs(organization)
    with tenancy.scope(organization.pk):
        if unlucky := Product.objects.filter(name=SUSPENDED, kind_slug="hosting").first():
            products.suspend(unlucky, by=access)
    run_jobs(organization)
    with tenancy.scope(organization.pk):
        Membership.objects.filter(pk=member.pk).update(last_used_at=timezone.now())


def buy(names: tuple[str, ...], *, founder: events.Person, address: dict[str, str]) -> Order:
    cart = Cart.objects.create()
    for number, name in enumerate(names):
        plans = [("domains", name.rpartition(".")[2]), ("hosting", ("starter", "business", "scale")[number % 3])]
        if number % 3 != 2:
            plans.append(("email", ("solo", "team")[number % 2]))
        for kind, code in plans:
            if plan := Plan.objects.filter(kind=kind, code=code).first():
                carts.add(cart, plan=plan, name=name, options={})
    return orders.place_founding(cart, by=founder, **address)


def run_jobs(organization: Organization) -> None:
    with tenancy.scope(organization.pk):
        waiting = list(Job.objects.open().filter(organization=organization).order_by("pk").values_list("pk", flat=True))
    for pk in waiting:
        jobs.run(pk)
        settle_delivery(pk)


def invite(people: dict[Person, User]) -> None:
    """The collaborator sees two products of the first client: one to look at, one to work on. An order waits there."""
    with transaction.atomic():
        tenancy.enter(user=people[OWNER].pk)
        member = Membership.objects.select_related("organization").get(user=people[OWNER])
    organization = member.organization
    with tenancy.scope(organization.pk):
        access = Access(people[OWNER], organization, member)
        Membership.objects.create(organization=organization, user=people[COLLABORATOR], role=Role.COLLABORATOR)
        levels = (("domains", Preset.VIEWER), ("hosting", Preset.TECHNICAL))
        for kind, level in levels:
            product = Product.objects.get(organization=organization, kind_slug=kind, name="atelier-nordwind.ch")
            set_level(product, people[COLLABORATOR], level, by=access)
        cart = Cart.objects.create()
        carts.add(cart, plan=Plan.objects.get(kind="domains", code="eu"), name="nordwind-lampen.eu", options={})
        orders.place(cart, organization, by=access)
        demo_people.furnish(organization, people)
    tenancy.leave()
