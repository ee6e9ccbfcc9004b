import pytest

from tests.people import World

pytestmark = pytest.mark.django_db


def test_preferences_change_only_what_was_sent(world: World) -> None:
    client, user = world.client("nobody"), world.users["nobody"]
    client.post("/profile/preferences/", {"theme": "dark"})
    client.post("/profile/preferences/", {"sidebar": "collapsed"})
    user.refresh_from_db()
    assert (user.theme, user.sidebar) == ("dark", "collapsed")
    client.post("/profile/preferences/", {"theme": "pink"})
    user.refresh_from_db()
    assert user.theme == "dark"


@pytest.mark.parametrize("address", ["/profile/preferences/", "/profile/tour/"])
@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "home", "abc", "http://testserver/o/"]
)
def test_nobody_is_sent_to_another_site(world: World, target: str, address: str) -> None:
    answer = world.client("nobody").post(address, {"theme": "dark", "next": target})
    assert (answer.status_code, answer["Location"]) == (303, "/")


def test_one_comes_back_to_the_page_one_was_on(world: World) -> None:
    answer = world.client("nobody").post("/profile/preferences/", {"theme": "dark", "next": "/o/acme/?page=2"})
    assert answer["Location"] == "/o/acme/?page=2"


def test_the_theme_is_on_the_page(world: World) -> None:
    client = world.client("owner")
    client.post("/profile/preferences/", {"theme": "dark", "sidebar": "collapsed"})
    page = client.get("/o/acme/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-sidebar="collapsed"' in page


def test_the_tour_starts_by_itself_once(world: World) -> None:
    user = world.users["owner"]
    user.tour_seen = False
    user.save()
    client = world.client("owner")
    assert "data-tour-pending" in client.get("/o/acme/").content.decode()
    client.post("/profile/tour/")
    assert "data-tour-pending" not in client.get("/o/acme/").content.decode()
