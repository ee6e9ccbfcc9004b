"""Whoever gets a mail finds it in the portal too, once, in their language."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts import tasks
from accounts.actions import mail, notification
from accounts.models import Mail, Notification, User
from organizations import tenancy
from organizations.access import Access
from organizations.actions import invitation as invitations
from organizations.roles import Role
from tests.people import World

pytestmark = pytest.mark.django_db


def write(user: User, key: str = "second-factor:1", **more: Any) -> None:
    context = {"person": user, "organization": "Acme", "by": "Ben", "url": "http://x/"}
    mail.write("organizations/mail/second_factor", context, key=key, to=user, path="/o/acme/", **more)


def test_a_person_who_gets_a_mail_is_told_inside_with_the_same_words(world: World) -> None:
    user = world.users["viewer"]
    write(user)
    write(user)
    sent, told = Mail.objects.get(), Notification.objects.get()
    assert (told.user, told.title, told.path) == (user, sent.subject, "/o/acme/")
    assert told.text
    for line in told.text.splitlines():
        assert line in sent.text


def test_who_wants_no_such_mails_is_told_inside_only(world: World) -> None:
    write(world.users["viewer"], mailed=False)
    assert not Mail.objects.exists()
    assert Notification.objects.count() == 1


def test_it_speaks_the_language_of_who_reads_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: list[str] = []
    real = mail.render_to_string

    def noting(template: str, context: Any) -> str:
        from django.utils.translation import get_language

        spoken.append(get_language() or "")
        return real(template, context)

    monkeypatch.setattr(mail, "render_to_string", noting)
    user = world.users["viewer"]
    user.language = "de"
    write(user)
    assert set(spoken) == {"de"}


def test_changing_words_change_until_it_is_read(world: World) -> None:
    user = world.users["viewer"]
    later = timedelta(minutes=3)
    write(user, later=later)
    context = {"person": user, "organization": "Acme & Sons", "by": "Ben", "url": "http://x/"}

    def again() -> str:
        mail.write("organizations/mail/second_factor", context, key="second-factor:1", to=user, later=later)
        return Notification.objects.get().text

    assert "Acme & Sons" in again()
    Notification.objects.update(read_at=timezone.now(), text="read")
    assert again() == "read"


def test_somebody_with_a_login_finds_an_invitation_in_the_bell(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        by: Access = world.access("owner")
        invitations.create(["OUTSIDER@example.com"], Role.COLLABORATOR, by=by)
    told = Notification.objects.get()
    assert told.user == world.users["outsider"]
    assert "Acme" in told.title
    assert f"{settings.BASE_URL}{told.path}\n" in Mail.objects.get().text


def test_the_bell_counts_without_a_query_of_its_own(world: World, django_assert_max_num_queries: Any) -> None:
    user = world.users["owner"]
    client = world.client("owner")
    client.get("/profile/")
    with django_assert_max_num_queries(20) as before:
        assert b"has-dot" not in client.get("/profile/").content
    for number in range(3):
        write(user, key=f"k{number}")
    with django_assert_max_num_queries(20) as after:
        page = client.get("/profile/").content.decode()
    assert len(after) == len(before)
    assert "Notifications: 3 unread" in page


def test_opening_one_reads_it_and_leads_on(world: World) -> None:
    user, client = world.users["owner"], world.client("owner")
    write(user)
    told = user.notifications.get()
    answer = client.post(f"/notifications/{told.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (303, "/o/acme/")
    told.refresh_from_db()
    assert told.read_at
    assert client.post(f"/notifications/{told.pk}/open/").status_code == 303
    stays = told.read_at
    told.refresh_from_db()
    assert told.read_at == stays


def test_nobody_is_led_to_another_site(world: World) -> None:
    user = world.users["owner"]
    told = Notification.objects.create(user=user, key="x", title="x", path="//evil.example/")
    assert world.client("owner").post(f"/notifications/{told.pk}/open/")["Location"] == "/"


def test_those_of_others_do_not_exist(world: World) -> None:
    write(world.users["owner"])
    told = Notification.objects.get()
    client = world.client("viewer")
    assert client.post(f"/notifications/{told.pk}/open/").status_code == 404
    assert client.post("/notifications/read/", {"until": told.pk}).status_code == 303
    assert told.title not in client.get("/notifications/").content.decode()
    told.refresh_from_db()
    assert told.read_at is None


def test_reading_all_leaves_what_came_since(world: World) -> None:
    user, client = world.users["owner"], world.client("owner")
    write(user, key="a")
    seen = user.notifications.get()
    write(user, key="b")
    client.post("/notifications/read/", {"until": seen.pk})
    assert list(user.notifications.filter(read_at=None).values_list("key", flat=True)) == ["b"]
    for hostile in ("", "x", "-1", "9" * 40, "٣"):
        assert client.post("/notifications/read/", {"until": hostile}).status_code == 303
    assert user.notifications.filter(read_at=None).count() == 1


def test_the_bell_and_the_page_show_the_newest_first(world: World) -> None:
    user, client = world.users["owner"], world.client("owner")
    for number in range(8):
        notification.tell(user, key=f"k{number}", title=f"Title <b>{number}</b>", text="One\ntwo")
    bell = client.get("/notifications/", headers={"HX-Request": "true", "HX-Target": "bell-rows"}).content.decode()
    assert "<html" not in bell
    assert [f"Title &lt;b&gt;{number}&lt;" in bell for number in range(8)] == [False] * 2 + [True] * 6
    page = client.get("/notifications/?show=unread").content.decode()
    assert page.index("Title &lt;b&gt;7") < page.index("Title &lt;b&gt;0")


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_twice_at_once(world: World) -> None:
    user = world.users["viewer"]

    def told(_number: int) -> None:
        try:
            with transaction.atomic():
                write(user)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(told, range(8)))
    assert (Mail.objects.count(), Notification.objects.count()) == (1, 1)


def test_what_was_read_long_ago_goes(world: World) -> None:
    user, now = world.users["viewer"], timezone.now()
    for key, read, made in (("read", 91, 92), ("unread", None, 92), ("fresh", 1, 2), ("old", None, 366)):
        row = Notification.objects.create(user=user, key=key, title=key)
        read_at = now - timedelta(days=read) if read else None
        Notification.objects.filter(pk=row.pk).update(read_at=read_at, created_at=now - timedelta(days=made))
    tasks.purge()
    assert set(Notification.objects.values_list("key", flat=True)) == {"unread", "fresh"}


def test_what_a_request_is_called_is_said_in_the_readers_language(world: World) -> None:
    from products.actions import request as requests

    with tenancy.scope(world.acme.pk):
        asked = world.access("viewer")
        requests.ask("billing", None, "For the budget", by=asked)
    told = Notification.objects.filter(user=world.users["owner"]).get()
    assert "“Billing”" in told.title
    assert "For the budget" in told.text
    assert "function" not in told.text
