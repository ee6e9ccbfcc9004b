"""Mail leaves through a table: a request never talks to a mail server, and no mail is sent twice."""

import logging
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import Mail

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
ATTEMPTS = 12


def queue(*, key: str, to: str, subject: str, text: str, html: str = "") -> Mail:
    """A mail with this key will leave, once, however often this is asked."""
    from accounts.tasks import send_mail

    subject = " ".join(subject.split())[:300]
    mail, created = Mail.objects.get_or_create(
        key=key, defaults={"to": to, "subject": subject, "text": text, "html": html}
    )
    if created:
        transaction.on_commit(lambda: wake(send_mail, mail.pk))
    return mail


def wake(task: Any, *arguments: object, countdown: int = 0) -> None:
    """Tell a worker that there is work. A broker that is down loses nothing: the sweep finds the row."""
    try:
        task.apply_async(args=arguments, countdown=countdown or None)
    except OperationalError:
        logger.warning("the broker is down: %s%s waits for the sweep", task, arguments)


def claim(pk: int) -> Mail | None:
    """The mail, taken by this worker for two minutes; None when it has left or another worker has it."""
    now = timezone.now()
    taken = Mail.objects.filter(pk=pk, sent_at=None, run_after__lte=now).update(
        run_after=now + LEASE, attempt=F("attempt") + 1
    )
    return Mail.objects.get(pk=pk) if taken else None


def send(mail: Mail) -> None:
    """The mail has left and its text is erased, or it is tried again later, at longer and longer intervals."""
    message = EmailMultiAlternatives(subject=mail.subject, body=mail.text, to=[mail.to])
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    row = Mail.objects.filter(pk=mail.pk, attempt=mail.attempt)
    try:
        message.send()
    except OSError as error:
        if mail.attempt >= ATTEMPTS:
            row.update(sent_at=timezone.now(), text="", html="", error=f"given up: {error}"[:300])
        else:
            row.update(run_after=timezone.now() + timedelta(seconds=15 * 2**mail.attempt), error=str(error)[:300])
        return
    row.update(sent_at=timezone.now(), text="", html="", error="")
