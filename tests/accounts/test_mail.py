"""Mail leaves once, later if need be, and its text does not stay."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail as outbox
from django.utils import timezone

from accounts import tasks
from accounts.actions import mail as actions
from accounts.models import Mail
from manager.celery import app

pytestmark = pytest.mark.django_db


def queue(key: str = "welcome:1") -> Mail:
    return actions.queue(key=key, to="anna@example.org", subject="Hello\nBcc: x", text="The code is 1234.")


def test_one_key_is_one_mail() -> None:
    assert queue() == queue()
    mail = queue()
    tasks.send_mail(mail.pk)
    tasks.send_mail(mail.pk)
    queue()
    (sent,) = outbox.outbox
    assert sent.subject == "Hello Bcc: x"
    mail.refresh_from_db()
    assert (mail.text, mail.html) == ("", "")
    assert mail.sent_at


def test_a_mail_server_that_is_down_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = queue()

    def down(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError("no")

    with monkeypatch.context() as patch:
        patch.setattr("accounts.actions.mail.EmailMultiAlternatives.send", down)
        tasks.send_mail(mail.pk)
    mail.refresh_from_db()
    assert (mail.sent_at, mail.attempt, mail.error) == (None, 1, "no")
    assert mail.run_after > timezone.now()
    tasks.send_mail(mail.pk)
    assert not outbox.outbox  # not yet
    Mail.objects.update(run_after=timezone.now())
    tasks.send_mail(mail.pk)
    assert len(outbox.outbox) == 1


def test_after_a_dozen_tries_it_is_given_up_visibly(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = queue()
    Mail.objects.update(attempt=actions.ATTEMPTS - 1)
    monkeypatch.setattr(
        "accounts.actions.mail.EmailMultiAlternatives.send", lambda *a, **k: (_ for _ in ()).throw(OSError("no"))
    )
    tasks.send_mail(mail.pk)
    mail.refresh_from_db()
    assert mail.error == "given up: no"


@pytest.mark.parametrize("trouble", [ValueError("bad\0header"), UnicodeError("surrogate"), KeyError()])
def test_any_other_failure_counts_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, trouble: Exception
) -> None:
    mail = queue()

    def broken(*args: object, **kwargs: object) -> None:
        raise trouble

    monkeypatch.setattr("accounts.actions.mail.EmailMultiAlternatives.send", broken)
    tasks.send_mail(mail.pk)
    mail.refresh_from_db()
    assert (mail.sent_at, mail.attempt) == (None, 1)
    assert type(trouble).__name__ in mail.error
    assert mail.run_after > timezone.now() + timedelta(seconds=20)
    assert f"mail {mail.pk} did not leave" in caplog.text
    assert "Traceback" in caplog.text
    Mail.objects.update(attempt=actions.ATTEMPTS - 1, run_after=timezone.now())
    tasks.send_mail(mail.pk)
    mail.refresh_from_db()
    assert mail.sent_at
    assert mail.error.startswith("given up: ")
    assert mail.text == ""


def test_a_mail_whose_workers_all_died_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = queue()
    Mail.objects.update(attempt=actions.ATTEMPTS)
    tasks.send_mail(mail.pk)
    mail.refresh_from_db()
    assert not outbox.outbox
    assert mail.error.startswith("given up: ")


def test_mail_and_sessions_of_long_ago_are_purged() -> None:
    now = timezone.now()
    ages = {"old": 91, "recent": 89}
    for key, days in ages.items():
        Mail.objects.filter(pk=queue(key).pk).update(sent_at=now - timedelta(days=days))
    Mail.objects.filter(pk=queue("waiting").pk).update(created_at=now - timedelta(days=200))
    for key, days in {"expired": -1, "valid": 1}.items():
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=days))
    tasks.purge()
    assert set(Mail.objects.values_list("key", flat=True)) == {"recent", "waiting"}
    assert list(Session.objects.values_list("session_key", flat=True)) == ["valid"]


def test_every_task_of_the_schedule_exists() -> None:
    app.loader.import_default_modules()
    planned = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"accounts.tasks.purge", "billing.purge.purge_carts"} <= planned
    assert planned <= set(app.tasks)


def test_a_worker_that_dies_leaves_it_to_the_next() -> None:
    mail = queue()
    assert actions.claim(mail.pk)
    assert actions.claim(mail.pk) is None
    Mail.objects.update(run_after=timezone.now() - timedelta(seconds=1))
    assert actions.claim(mail.pk)


def test_the_sweep_wakes_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr("accounts.actions.mail.wake", lambda task, pk: woken.append(pk))
    due, later, sent = queue("a"), queue("b"), queue("c")
    Mail.objects.filter(pk=later.pk).update(run_after=timezone.now() + timedelta(hours=1))
    Mail.objects.filter(pk=sent.pk).update(sent_at=timezone.now())
    tasks.sweep_mail()
    assert woken == [due.pk]
