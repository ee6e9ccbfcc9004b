"""What a page says of the work on a product: `{% load jobs %}`."""

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from products import names
from products.actions.job import refusal
from products.models import Job
from products.models.job import JobState, Verb

register = template.Library()

Text = str | Promise

# Under way, failed, done.
TITLES: dict[str, tuple[Text, Text, Text]] = {
    Verb.PROVISION: (_("Setting up %(name)s"), _("%(name)s could not be set up"), _("%(name)s is set up")),
    Verb.APPLY: (
        _("Applying the settings of %(name)s"),
        _("The settings of %(name)s could not be applied"),
        _("The settings of %(name)s are in force"),
    ),
    Verb.SUSPEND: (_("Suspending %(name)s"), _("%(name)s could not be suspended"), _("%(name)s is suspended")),
    Verb.RESUME: (_("Resuming %(name)s"), _("%(name)s could not be resumed"), _("%(name)s is served again")),
    Verb.CANCEL: (_("Cancelling %(name)s"), _("%(name)s could not be cancelled"), _("%(name)s is cancelled")),
    Verb.OBSERVE: (_("Checking %(name)s"), _("%(name)s could not be checked"), _("%(name)s is checked")),
}
# The line of a job without steps, or between two.
WORDS: dict[str, Text] = {
    JobState.QUEUED: _("Waiting for its turn"),
    JobState.RUNNING: _("Working on it"),
    JobState.WAITING: _("Waiting for the provider"),
    JobState.FAILED: _("Failed"),
    JobState.SUCCEEDED: _("Confirmed by the provider"),
}


# What is safe, when a job failed.
SAFE: dict[str, Text] = {
    Verb.PROVISION: _("Nothing of it is served, and nothing else of yours was touched."),
    Verb.APPLY: _(
        "Your settings are saved here, and your data was not touched. What was in force before may still be."
    ),
    Verb.SUSPEND: _("It is served as before, and its data is untouched."),
    Verb.RESUME: _("It stays suspended, and its data is kept."),
    Verb.CANCEL: _("It is not cancelled: its name is still yours, and it is not given to anybody else."),
    Verb.OBSERVE: _("Only the check failed. The product is as it was."),
}


@dataclass(frozen=True)
class Step:
    label: Text
    # A job's state, or "next".
    state: str
    at: datetime | None = None


@register.filter
def job_title(job: Job) -> str:
    """`{{ job|job_title }}`: Setting up example.ch."""
    under_way, failed, done = TITLES[job.verb]
    ended: dict[str, Text] = {JobState.FAILED: failed, JobState.SUCCEEDED: done}
    text = ended.get(job.state, under_way)
    return str(text) % {"name": names.shown(job.product.name)}


@register.filter
def timeline(job: Job) -> list[Step]:
    """`{% for step in job|timeline %}`: what is done, where the job stands, what comes next.

    Only a set-up shows its steps: what else a provider does again on the way says nothing to people.
    """
    shown: list[Step] = []
    at_work = job.state != JobState.SUCCEEDED
    for step in job.steps if job.verb == Verb.PROVISION else []:
        label = job.product.kind.step_label(step["name"])
        if step["at"]:
            shown.append(Step(label, JobState.SUCCEEDED, datetime.fromisoformat(step["at"])))
        else:
            shown.append(Step(label, job.state if at_work else "next"))
            at_work = False
    if at_work or not shown:
        shown.append(Step(WORDS[job.state], job.state, job.finished_at))
    return shown


@register.filter
def retry_refusal(job: Job) -> str:
    """`{{ job|retry_refusal }}`: why it cannot be tried again; empty when it can."""
    return refusal(job)


@register.filter
def safe_still(job: Job) -> str:
    """`{{ job|safe_still }}`: what one need not worry about, where a job failed or waits."""
    if job.state == JobState.FAILED:
        return str(SAFE[job.verb])
    return str(_("Nothing is lost meanwhile.")) if job.state == JobState.WAITING else ""
