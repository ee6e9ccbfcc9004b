"""The log in words: every recorded verb has a sentence, and what people typed stays text."""

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from organizations import event_labels, sentences
from organizations.events import record, with_subjects
from organizations.models import Event
from products.models.job import Verb
from tests.people import World

APPS = ("accounts", "billing", "organizations", "products")
RECORDED = re.compile(r"""record(?:_each)?\(\s*"([a-z.]+)\"""")
# Recorded with the verb of a job in their middle.
OUTCOMES = {f"product.{verb}.failed" for verb in Verb} | {
    f"product.{verb}.done" for verb in Verb if verb != Verb.OBSERVE
}


def recorded() -> set[str]:
    modules = [module for app in APPS for module in (settings.ROOT / app).rglob("*.py")]
    return {verb for module in modules for verb in RECORDED.findall(module.read_text())}


def event(verb: str, **options: object) -> Event:
    fields = {"actor_name": "Ada", "target_name": "acme.ch", "created_at": timezone.now()}
    return Event(verb=verb, **fields | options)


def drawn(event: Event, **options: object) -> str:
    html = render_to_string("components/event.html", {"event": event} | options)
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_every_verb_has_a_sentence() -> None:
    assert len(recorded()) > 10
    assert recorded() | OUTCOMES | {"product.suspend", "product.resume"} <= set(sentences.known())


def test_every_verb_has_a_label_of_its_own_in_the_filter() -> None:
    labels = {verb: str(text) for verb, text in event_labels.known().items()}
    assert set(labels) == set(sentences.known())
    assert len(set(labels.values())) == len(labels)
    assert max(map(len, labels.values())) < 33


@pytest.mark.parametrize("verb", sorted({*sentences.known(), "unheard.of"}))
@pytest.mark.parametrize("actor", ["Ada", ""])
def test_a_sentence_names_its_target_even_without_details(verb: str, actor: str) -> None:
    said = drawn(event(verb, actor_name=actor))
    assert "acme.ch" in said
    assert "%(" not in said


@pytest.mark.parametrize(
    ("verb", "details", "said"),
    [
        ("product.label", {"label": ["", "Ours"]}, "Ada changed the label of acme.ch Label: — → Ours"),
        ("grant.set", {"person": "Bob", "level": "viewer"}, "Ada gave Bob the level Viewer on acme.ch"),
        ("grant.set", {"person": "Bob", "level": "none"}, "Ada took the rights on acme.ch from Bob"),
        ("order.pay", {"total": 3840, "currency": "CHF"}, "Ada paid acme.ch, CHF 38.40"),
        ("job.retry", {"verb": "apply"}, "Ada asked to apply the settings of acme.ch again"),
        ("organization.edit", {"form": ["person", "company"]}, "Kind of organization: Person → Company"),
        ("hosting.configure", {"php_version": ["8.3", "8.4"]}, "PHP version: 8.3 → 8.4"),
        ("product.provision.failed", {"error": "No <room>."}, "acme.ch could not be set up No &lt;room&gt;."),
        ("kind.that.is.gone", {}, "Ada: kind.that.is.gone, acme.ch"),
    ],
)
def test_details_are_told(verb: str, details: dict[str, object], said: str) -> None:
    assert said in drawn(event(verb, details=details))


def test_what_people_typed_stays_text() -> None:
    line = event("product.label", actor_name="<b>Ada", target_name="<i>acme", details={"label": ["<u>", "x"]})
    html = render_to_string("components/event.html", {"event": line})
    assert not re.search("<[biu]>", html)


def test_a_domain_is_told_as_people_read_it() -> None:
    line = event("product.suspend", target_type="products.product", target_name="xn--bcher-kva.ch")
    assert "bücher.ch" in drawn(line)


def test_from_where_and_by_whose_address_is_told_only_when_asked_for() -> None:
    line = event("product.suspend", address="192.0.2.7", actor_email="ada@example.org")
    told = render_to_string("components/event.html", {"event": line, "exact": True})
    assert "192.0.2.7" not in told
    assert "ada@example.org" not in told
    told = render_to_string("components/event.html", {"event": line, "exact": True, "full": True})
    assert "from 192.0.2.7" in told
    assert 'title="ada@example.org"' in told


def test_subjects_cost_one_query_for_each_sort(world: World, django_assert_num_queries: object) -> None:
    access = world.access("owner")
    for product in world.products.values():
        record("product.suspend", product, by=access, organization=world.acme)
    record("organization.edit", world.acme, by=access, organization=world.acme)
    events = list(Event.objects.filter(organization=world.acme))
    with django_assert_num_queries(1):  # type: ignore[operator]
        with_subjects(events, world.acme)
        urls = {line.subject.get_absolute_url() for line in events if line.subject}
    assert urls == {product.get_absolute_url() for product in world.products.values()}
