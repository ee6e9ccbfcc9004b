"""The help centre as people meet it: its index, a guide, what one answers about it, and the way from the screens."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import tries
from manager.help import guides
from manager.help.models import Feedback
from tests.people import World

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>{{ 7 }}"
FRAGMENT = {"HX-Request": "true", "HX-Target": "guides"}


def answer(client: Client, slug: str = "teams", **said: str) -> Any:
    return client.post(f"/help/{slug}/feedback/", said)


@pytest.mark.parametrize("person", ["owner", "nobody", "suspended", "anonymous"])
def test_every_guide_is_reached_from_the_index(world: World, person: str) -> None:
    client = world.client(person)
    page = client.get("/help/").text
    for guide in guides.every():
        assert f'href="{guide.url}"' in page
        assert client.get(guide.url).status_code == 200


def test_a_guide_tells_who_when_and_what_else(world: World) -> None:
    page = world.client("owner").get("/help/teams/").text
    assert guides.get("teams").rights in page
    assert "Last updated on" in page
    for heading in guides.get("teams").body.contents:
        assert f'href="#{heading.anchor}"' in page
        assert f'id="{heading.anchor}"' in page
    for other in guides.related(guides.get("teams")):
        assert f'href="{other.url}"' in page
    assert 'href="/o/acme/teams/"' in page


def test_whoever_is_not_signed_in_is_led_there_by_the_sign_in(world: World) -> None:
    page = Client().get("/help/teams/").text
    assert 'href="/accounts/login/?next=%2Fhelp%2Fgo%2Fteams%2F"' in page
    assert 'class="topbar"' in page
    assert world.client("owner").get("/help/go/teams/")["Location"] == "/o/acme/teams/"
    kinds = world.client("owner").get("/help/go/product_list/?kind=hosting")
    assert kinds["Location"] == "/o/acme/hosting/"
    assert world.client("nobody").get("/help/go/teams/")["Location"] == "/organizations/"


@pytest.mark.parametrize("name", ["organization_delete", "nowhere", "product", "member_remove"])
def test_only_what_guides_lead_to_is_gone_to(world: World, name: str) -> None:
    expected = 302 if name == "organization_delete" else 404
    assert world.client("owner").get(f"/help/go/{name}/").status_code == expected
    assert world.client("owner").get("/help/go/product_list/?kind=boats").status_code == 404
    assert world.client("owner").get("/help/go/product_list/").status_code == 404


def test_the_search_answers_as_a_page_and_as_a_part_of_it(world: World) -> None:
    client = world.client("owner")
    page = client.get("/help/?q=refund").text
    assert 'href="/help/credit-and-refunds/"' in page
    assert 'href="/help/keyboard/"' not in page
    part = client.get("/help/?q=refund", headers=FRAGMENT).text
    assert 'href="/help/credit-and-refunds/"' in part
    assert "<html" not in part
    nothing = client.get("/help/", {"q": HOSTILE}).text
    assert "&lt;script&gt;alert(1)" in nothing
    assert "<script>alert" not in nothing


@pytest.mark.parametrize("person", ["owner", "anonymous"])
def test_a_guide_that_does_not_exist_offers_others(world: World, person: str) -> None:
    answered = world.client(person).get("/help/invitations/")
    assert answered.status_code == 404
    assert 'role="search"' in answered.text
    assert 'href="/help/inviting/"' in answered.text
    assert world.client(person).get("/help/invitations/feedback/").status_code == 404


def test_a_person_answers_once_and_may_change_it(world: World) -> None:
    client = world.client("owner")
    assert answer(client, helpful="no", words="No picture")["Location"] == "/help/teams/#helpful"
    assert answer(client, helpful="yes").status_code == 303
    assert list(Feedback.objects.values_list("slug", "user", "visitor", "helpful", "words")) == [
        ("teams", world.users["owner"].pk, "", True, "No picture")
    ]
    page = client.get("/help/teams/").text
    assert 'value="yes" aria-pressed="true"' in page
    assert 'value="no" aria-pressed="false"' in page
    assert "aria-pressed" not in world.client("viewer").get("/help/teams/").text.partition('id="helpful"')[2]
    answer(client, helpful="yes", words="")
    assert Feedback.objects.get().words == ""
    answer(world.client("viewer"), helpful="no")
    answer(client, "rights", helpful="no")
    assert Feedback.objects.count() == 3


def test_a_visitor_answers_once_a_session_and_has_none_before(world: World) -> None:
    client = Client()
    assert client.get("/help/teams/").status_code == 200
    assert not Session.objects.exists()
    assert client.get("/help/teams/feedback/?helpful=no").text.count("checked") == 1
    answer(client, helpful="no", words=HOSTILE)
    answer(client, helpful="yes")
    answer(client, "rights", helpful="yes")
    answer(Client(), helpful="yes")
    assert Feedback.objects.filter(slug="teams").count() == 2
    mine = Feedback.objects.filter(words=HOSTILE).get()
    assert (mine.helpful, mine.user) == (True, None)
    assert Feedback.objects.filter(visitor=mine.visitor).count() == 2
    assert 'value="yes" aria-pressed="true"' in client.get("/help/teams/").text


@pytest.mark.parametrize("said", [{}, {"helpful": "perhaps"}, {"helpful": "yes", "words": "x" * 1001}])
def test_what_is_no_answer_is_shown_again(world: World, said: dict[str, str]) -> None:
    answered = answer(world.client("owner"), **said)
    assert answered.status_code == 422
    assert "aria-invalid" in answered.text
    assert said.get("words", "") in answered.text
    assert not Feedback.objects.exists()


def test_answers_from_one_address_are_limited(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(tries, "MOST", 2)
    assert [answer(Client(), helpful="yes").status_code for _number in range(3)] == [303, 303, 429]
    assert Feedback.objects.count() == 2


def test_the_token_of_the_form_is_asked_for(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/help/teams/feedback/", {"helpful": "yes"}).status_code == 403
    assert not Feedback.objects.exists()


def test_staff_reads_counts_and_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(world.client("owner"), helpful="no", words=HOSTILE)
    answer(world.client("viewer"), helpful="yes")
    Feedback.objects.create(slug="gone", visitor="v", helpful=True, words="Of a guide that is gone", language="en")
    page = world.client("staff").get("/staff/help/")
    first = page.context["rows"][0]
    assert (first.guide.slug, first.yes, first.no) == ("teams", 1, 1)
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text
    assert "Of a guide that is gone" in page.text
    assert 'href="/staff/help/"' in world.client("staff").get("/help/").text
    assert 'href="/staff/help/"' not in world.client("owner").get("/help/").text
    monkeypatch.setattr("manager.help.views.PAGE", 1)
    assert len(world.client("staff").get("/staff/help/").context["listing"]) == 1


def test_no_query_for_each_guide_or_answer(world: World) -> None:
    client = world.client("staff")
    answer(client, helpful="no", words="a")
    client.get("/help/")
    numbers = []
    for times in range(2):
        for address in ("/staff/help/", "/help/", "/help/?q=rights", "/help/rights/"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            numbers.append(len(queries))
        Feedback.objects.bulk_create(
            Feedback(slug=guide.slug, visitor=f"v{times}", helpful=False, words="a", language="en")
            for guide in guides.every()
        )
    assert numbers[:4] == numbers[4:]
    assert max(numbers) <= 9
    with CaptureQueriesContext(connection) as queries:
        Client().get("/help/teams/")
    assert len(queries) == 0


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("/o/acme/members/", "inviting"),
        ("/o/acme/teams/", "teams"),
        ("/o/acme/domains/", "domains"),
        ("/o/acme/email/", "email"),
        ("/accounts/2fa/", "second-factor"),
        ("/o/acme/invoices/", "invoices-and-vat"),
    ],
)
def test_the_help_menu_has_the_guides_of_the_screen(world: World, address: str, slug: str) -> None:
    page = world.client("owner").get(address).text
    menu = page[page.index('id="help"') :].partition('id="account"')[0]
    assert f'href="/help/{slug}/"' in menu
    assert 'href="/help/"' in menu
    assert 'href="/trouble/"' in menu
    assert len(guides.of_screen("nowhere")) == 0
