"""Mail leaves through a table: a request never talks to a mail server, and no mail is sent twice."""

import logging
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import letters
from accounts.actions import notification
from accounts.language import spoken_by
from accounts.models import Mail, User
from manager.web.broker import wake

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
ATTEMPTS = 12
KEPT = timedelta(days=90)
PARTS = ("subject", "text")
NOW = timedelta()


def queue(*, key: str, to: str, subject: str, text: str, html: str = "", later: timedelta = NOW) -> Mail:
    """A mail with this key will leave, once, however often this is asked.

    One that leaves later says what was last asked of it until it has left.
    """
    from accounts.tasks import send_mail

    subject = " ".join(subject.split())[:300]
    html = html or letters.html(subject, text)
    words = {"to": to, "subject": subject, "text": text, "html": html}
    mail, created = Mail.objects.get_or_create(key=key, defaults=words | {"run_after": timezone.now() + later})
    if created and not later:
        transaction.on_commit(lambda: wake(send_mail, mail.pk))
    elif later:
        Mail.objects.filter(pk=mail.pk, sent_at=None, attempt=0).update(**words)
    return mail


def write(
    template: str,
    context: dict[str, Any],
    *,
    key: str,
    to: User | str,
    path: str = "",
    later: timedelta = NOW,
    mailed: bool = True,
) -> None:
    """The mail of `<template>_subject.txt` and `<template>_text.txt` will leave, once; a person reads the same inside.

    A person reads both in their language: what of the context depends on it is lazy. The
    notification leads to `path`, one of ours. Whoever wants no such mails is not `mailed`, and told inside only.
    Templates also get `site_name` and `home`, the portal's configured address without a final slash.
    """
    person, address = (to, to.email) if isinstance(to, User) else (None, to)
    with spoken_by(person):
        subject, text = (render_to_string(f"{template}_{part}.txt", letters.site() | context) for part in PARTS)
        if mailed:
            queue(key=key, to=address, subject=subject, text=text, later=later)
    if person is not None:
        said = letters.gist(text)
        notification.tell(person, key=key, title=subject, text=said, path=path, changing=bool(later))


def claim(pk: int) -> Mail | None:
    """The mail, taken by this worker for two minutes; None when it has left or another worker has it."""
    now = timezone.now()
    taken = Mail.objects.filter(pk=pk, sent_at=None, run_after__lte=now).update(
        run_after=now + LEASE, attempt=F("attempt") + 1
    )
    return Mail.objects.get(pk=pk) if taken else None


def send(mail: Mail) -> None:
    """The mail has left and its text is erased, or it is tried again later, at longer and longer intervals.

    Whatever stopped it counts: after the last attempt the mail is given up.
    """
    if mail.attempt > ATTEMPTS:
        return end(mail, f"given up: {mail.error or 'its workers died'}")
    message = EmailMultiAlternatives(subject=mail.subject, body=mail.text, to=[mail.to], headers=headers(mail))
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    try:
        message.send()
    except Exception as error:
        # A mail server that is down is no surprise; for everything else the log says where it happened.
        down = isinstance(error, OSError)
        logger.warning("mail %s did not leave at attempt %s", mail.pk, mail.attempt, exc_info=not down)
        reason = str(error) if down else f"{type(error).__name__}: {error}"
        if mail.attempt == ATTEMPTS:
            return end(mail, f"given up: {reason}")
        later = timezone.now() + timedelta(seconds=15 * 2**mail.attempt)
        return _update(mail, run_after=later, error=reason)
    return end(mail)


def headers(mail: Mail) -> dict[str, str]:
    """A second delivery is recognised by its id (RFC 5322, 3.6.4), and no robot answers (RFC 3834)."""
    host = urlsplit(settings.BASE_URL).hostname
    name = sha256(f"{settings.SECRET_KEY}:{mail.key}".encode()).hexdigest()[:40]
    return {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}


def end(mail: Mail, error: str = "") -> None:
    """The mail is over, and its text is erased."""
    _update(mail, sent_at=timezone.now(), text="", html="", error=error)


def _update(mail: Mail, *, error: str, **fields: Any) -> None:
    """Unless another worker has taken the mail since."""
    error = error.replace("\0", " ")[:300]
    Mail.objects.filter(pk=mail.pk, attempt=mail.attempt).update(error=error, **fields)


def purge() -> None:
    """Mails that left long ago are gone, and with them whom the portal wrote to and about what."""
    Mail.objects.filter(sent_at__lt=timezone.now() - KEPT).delete()
