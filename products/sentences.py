from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from manager.web.dates import exact
from organizations.sentences import Details, Sentence, Sentences, Text, changes
from products import asking, kinds
from products.event_labels import LABELS as LABELS
from products.kinds import Preset
from products.models.job import Verb
from products.transfer_sentences import TRANSFERS


def given(details: Details) -> Sentence:
    """Rights on one product, or on a whole kind, to a person or a team."""
    level, slug = details.get("level"), str(details.get("kind", ""))
    if slug:
        took = _("%(actor)s took the rights on all %(kind)s of %(target)s from %(person)s")
        gave = _("%(actor)s gave %(person)s the level %(level)s on all %(kind)s of %(target)s, also future ones")
    else:
        took = _("%(actor)s took the rights on %(target)s from %(person)s")
        gave = _("%(actor)s gave %(person)s the level %(level)s on %(target)s")
    labels: dict[str, Text] = {preset: preset.label for preset in Preset} | {"custom": _("Custom")}
    kind = next((kind.label for kind in kinds.every() if kind.slug == slug), slug)
    named = details | {"level": labels.get(str(level), level), "kind": kind}
    text = took if level == "none" else gave
    return Sentence(text, icon="key-round", values=lambda details: named, note=until)


def bulk(details: Details) -> Sentence:
    """Something was begun on many products: each tells by itself what became of it."""
    number, wanted = int(details.get("number", 1)), str(details.get("action", ""))
    labels: dict[str, Text] = {
        "label": _("Set the label"),
        "observe": _("Check at the provider"),
        "resume": _("Resume"),
        "suspend": _("Suspend"),
    }
    many = ngettext("%(number)d product", "%(number)d products", number) % {"number": number}
    text = _("%(actor)s began with many products of %(target)s: %(action)s")
    return Sentence(
        text,
        icon="list-checks",
        values=lambda details: details | {"action": labels.get(wanted, wanted)},
        note=lambda details: many,
    )


def ended(details: Details) -> Sentence:
    """Rights that ended by themselves, on one product or on a whole kind."""
    slug = str(details.get("kind", ""))
    text = _("The rights of %(person)s on %(target)s ended, as it was set")
    if slug:
        text = _("The rights of %(person)s on all %(kind)s of %(target)s ended, as it was set")
    kind = next((kind for kind in kinds.every() if kind.slug == slug), None)
    named = details | {"kind": kind.label if kind else slug}
    names = [asking.label(str(name), kind) for name in details.get("permissions", [])]
    return Sentence(text, icon="hourglass", values=lambda _: named, note=lambda _: "; ".join(names))


def until(details: Details) -> str:
    """Until when, where a grant ends by itself."""
    end = details.get("until")
    return gettext("Until %(day)s") % {"day": exact(datetime.fromisoformat(end))} if end else ""


def asked(text: Text, of_organization: Text, icon: str = "inbox") -> Callable[[Details], Sentence]:
    """About a right that somebody lacks: on a product, whose kind is in the details, or in the organization."""

    def said(details: Details) -> Sentence:
        slug = details.get("kind")
        kind = next((kind for kind in kinds.every() if kind.slug == slug), None)
        named = details | {"right": asking.label(str(details.get("right", "…")), kind)}
        reply = str(details.get("reply", ""))
        return Sentence(text if slug else of_organization, icon, values=lambda _: named, note=lambda _: reply)

    return said


def retried(details: Details) -> Sentence:
    again: dict[str, Text] = {
        Verb.PROVISION: _("%(actor)s asked to set up %(target)s again"),
        Verb.APPLY: _("%(actor)s asked to apply the settings of %(target)s again"),
        Verb.SUSPEND: _("%(actor)s asked to suspend %(target)s again"),
        Verb.RESUME: _("%(actor)s asked to resume %(target)s again"),
        Verb.CANCEL: _("%(actor)s asked to cancel %(target)s again"),
        Verb.OBSERVE: _("%(actor)s asked to check %(target)s again"),
    }
    return Sentence(again.get(str(details.get("verb")), _("%(actor)s tried again on %(target)s")), icon="rotate-ccw")


def done(text: Text) -> Sentence:
    return Sentence(text, icon="check", tone="good")


def failed(text: Text) -> Sentence:
    return Sentence(text, icon="triangle-alert", tone="danger", note=lambda details: details.get("error", ""))


SENTENCES: Sentences = {
    "product.order": Sentence(_("%(actor)s ordered %(target)s"), icon="shopping-cart"),
    "product.abandon": Sentence(_("%(target)s is not set up, and its name is free again"), icon="ban"),
    "product.suspend": Sentence(_("%(actor)s suspended %(target)s"), icon="pause"),
    "product.resume": Sentence(_("%(actor)s resumed %(target)s"), icon="play"),
    "product.cancel": Sentence(_("%(actor)s cancelled %(target)s"), icon="trash-2"),
    "product.label": Sentence(
        _("%(actor)s changed the label of %(target)s"), icon="tag", note=changes({"label": _("Label")})
    ),
    "product.bulk": bulk,
    "product.provision.done": done(_("%(target)s is set up")),
    "product.apply.done": done(_("The new settings of %(target)s are in force")),
    "product.suspend.done": done(_("%(target)s is no longer served")),
    "product.resume.done": done(_("%(target)s is served again")),
    "product.cancel.done": done(_("Nothing is left of %(target)s, and its name is free")),
    "product.provision.failed": failed(_("%(target)s could not be set up")),
    "product.apply.failed": failed(_("The new settings of %(target)s could not be applied")),
    "product.suspend.failed": failed(_("%(target)s could not be suspended at the provider")),
    "product.resume.failed": failed(_("%(target)s could not be resumed at the provider")),
    "product.cancel.failed": failed(_("%(target)s could not be cancelled at the provider")),
    "product.observe.failed": failed(_("%(target)s could not be checked")),
    "grant.set": given,
    "grant.end": ended,
    "job.retry": retried,
    **TRANSFERS,
    "token.create": Sentence(_("%(actor)s created the API token %(target)s"), icon="key-round", note=until),
    "token.revoke": Sentence(_("%(actor)s revoked the API token %(target)s of %(person)s"), icon="ban"),
    "request.ask": asked(
        _("%(actor)s asked for the right “%(right)s” on %(target)s"), _("%(actor)s asked for “%(right)s” in %(target)s")
    ),
    "request.withdraw": asked(
        _("%(actor)s no longer asks for the right “%(right)s” on %(target)s"),
        _("%(actor)s no longer asks for “%(right)s” in %(target)s"),
    ),
    "request.grant": asked(
        _("%(actor)s granted %(person)s the right “%(right)s” on %(target)s"),
        _("%(actor)s granted %(person)s “%(right)s” in %(target)s"),
        icon="key-round",
    ),
    "request.decline": asked(
        _("%(actor)s declined the request of %(person)s for the right “%(right)s” on %(target)s"),
        _("%(actor)s declined the request of %(person)s for “%(right)s” in %(target)s"),
    ),
    "request.void": asked(
        _("%(actor)s closed the request of %(person)s for the right “%(right)s” on %(target)s"),
        _("%(actor)s closed the request of %(person)s for “%(right)s” in %(target)s"),
    ),
    "invitation.lapse": Sentence(
        _("%(number)s of the rights promised to %(target)s could no longer be given"), icon="key-round"
    ),
}
