"""The same request from several tabs, and two administrators at the same moment: one row, one answer."""

import pytest

from accounts.models import Mail
from manager.web.refused import Refused
from organizations import tenancy
from organizations.models import Event, Membership
from products.actions import request as actions
from products.models import AccessRequest
from tests import people
from tests.people import World
from tests.test_double_submit import at_once, twin

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return people.make()


def test_asking(world: World) -> None:
    client = world.client("collaborator")
    answers = at_once(4, lambda number: twin(client).post("/o/acme/requests/new/", {"right": "billing"}))
    assert {answer.status_code for answer in answers} == {303}
    with tenancy.scope(world.acme.pk):
        assert AccessRequest.objects.count() == 1
        assert Event.objects.filter(verb="request.ask").count() == 1
    assert Mail.objects.filter(key__startswith="request:").count() == 3


def test_granting_and_declining(world: World) -> None:
    asked = actions.ask("billing", None, "", by=world.access("collaborator"))

    def answer(number: int) -> str:
        access = world.access(("owner", "administrator")[number % 2])
        try:
            act = actions.grant(asked, by=access) if number % 2 else actions.decline(asked, "", by=access)
        except Refused:
            return "refused"
        return act.state

    answers = at_once(4, answer)
    world.access("owner")
    asked.refresh_from_db()
    assert sorted(answers) == sorted([asked.state] * 2 + ["refused"] * 2)
    has_it = Membership.objects.get(user=world.users["collaborator"]).has_billing
    assert has_it == (asked.state == "granted")
    assert Mail.objects.filter(key=f"request:{asked.pk}:answer").count() == 1
