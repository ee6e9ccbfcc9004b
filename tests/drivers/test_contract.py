"""What every provider keeps to: wishes, asked any number of times, with one effect."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest

from products.drivers import Conflict, Permanent, Retryable, Spec
from tests.drivers import hostile
from tests.drivers.providers import Provider, Run, run


def test_ensure_yields_the_steps_of_its_kind_in_order(provider: Provider) -> None:
    done = run(provider.driver().ensure(provider.spec()))
    assert done.steps == provider.steps


def test_ensure_makes_what_was_wished(provider: Provider) -> None:
    spec = provider.spec()
    outcome = run(provider.driver().ensure(spec)).outcome
    assert provider.shows(outcome.facts) == provider.wish
    assert provider.served(outcome.facts)
    assert outcome.ref
    assert outcome.provider


def test_the_repeat_has_no_further_effect(provider: Provider) -> None:
    spec = provider.spec()
    first = run(provider.driver().ensure(spec))
    again = run(provider.driver().ensure(spec))
    # A name server's serial would rise with every change.
    assert again == first
    assert provider.driver().observe(spec) == first.outcome


def test_observe_sees_nothing_before_and_after(provider: Provider) -> None:
    spec = provider.spec()
    assert provider.driver().observe(spec) is None
    run(provider.driver().ensure(spec))
    run(provider.driver().absent(spec))
    assert provider.driver().observe(spec) is None


def test_a_changed_wish_is_applied_to_the_same_thing(provider: Provider) -> None:
    spec = provider.spec()
    first = run(provider.driver().ensure(spec)).outcome
    changed = run(provider.driver().ensure(replace(spec, **provider.change))).outcome
    assert provider.shows(changed.facts) == provider.wish | provider.change
    assert changed.ref == first.ref
    back = run(provider.driver().ensure(spec)).outcome
    assert provider.shows(back.facts) == provider.wish


def test_suspended_is_not_served_and_comes_back(provider: Provider) -> None:
    spec = provider.spec()
    run(provider.driver().ensure(spec))
    off = run(provider.driver().ensure(replace(spec, suspended=True))).outcome
    assert not provider.served(off.facts)
    # Its settings are kept.
    assert provider.shows(off.facts) == provider.wish
    on = run(provider.driver().ensure(spec)).outcome
    assert provider.served(on.facts)


def test_what_begins_suspended_is_never_served(provider: Provider) -> None:
    spec = provider.spec(suspended=True)
    assert not provider.served(run(provider.driver().ensure(spec)).outcome.facts)


def test_absent_twice_is_absent(provider: Provider) -> None:
    spec = provider.spec()
    run(provider.driver().ensure(spec))
    first = run(provider.driver().absent(spec))
    again = run(provider.driver().absent(spec))
    assert first.outcome.ref == again.outcome.ref == ""
    assert again == first


def test_absent_before_anything_was_made(provider: Provider) -> None:
    assert run(provider.driver().absent(provider.spec())).outcome.ref == ""


def test_the_name_is_free_again_for_the_next_product(provider: Provider) -> None:
    spec = provider.spec()
    run(provider.driver().ensure(spec))
    run(provider.driver().absent(spec))
    following = provider.spec(name=spec.name)
    run(provider.driver().ensure(following))
    with pytest.raises(Conflict):
        provider.driver().observe(spec)


def test_nothing_of_ours_is_left_where_the_name_is_anothers(provider: Provider) -> None:
    """Taking down what failed because the name was taken: theirs stays, and the wish is fulfilled."""
    spec = provider.spec()
    theirs = run(provider.driver().ensure(spec)).outcome
    run(provider.driver().absent(provider.spec(name=spec.name)))
    assert provider.driver().observe(spec) == theirs


@pytest.mark.parametrize("verb", ["ensure", "observe"])
def test_what_is_not_ours_is_left_alone(provider: Provider, verb: str) -> None:
    spec = provider.spec()
    theirs = run(provider.driver().ensure(spec)).outcome
    ours = provider.spec(name=spec.name, **provider.change)
    with pytest.raises(Conflict) as conflict:
        run(getattr(provider.driver(), verb)(ours))
    assert spec.name in conflict.value.seen
    assert spec.key in conflict.value.seen
    assert provider.driver().observe(spec) == theirs


@pytest.mark.parametrize("reached", range(5))
def test_a_worker_that_dies_after_any_step_loses_nothing(provider: Provider, reached: int) -> None:
    spec = provider.spec()
    dying = provider.driver().ensure(spec)
    for _ in range(reached):
        next(dying, None)
    dying.close()
    done = run(provider.driver().ensure(spec))
    assert done.steps == provider.steps
    assert provider.shows(done.outcome.facts) == provider.wish


def test_a_cancellation_that_dies_halfway_is_finished_by_the_next(provider: Provider) -> None:
    spec = provider.spec()
    run(provider.driver().ensure(spec))
    dying = provider.driver().absent(spec)
    next(dying)
    dying.close()
    run(provider.driver().absent(spec))
    assert provider.driver().observe(spec) is None


def patiently(provider: Provider, spec: Spec) -> Run:
    """As the runner of jobs does it: a provider that cannot now, such as a locked database, is asked again."""
    for _ in range(20):
        try:
            return run(provider.driver().ensure(spec))
        except Retryable:
            sleep(0.1)
    return run(provider.driver().ensure(spec))


def test_the_same_wish_from_eight_workers_at_once(provider: Provider) -> None:
    spec = provider.spec()
    with ThreadPoolExecutor(8) as workers:
        runs = list(workers.map(lambda _: patiently(provider, spec), range(8)))
    assert all(done.steps == provider.steps for done in runs)
    assert all(done.outcome.ref == runs[0].outcome.ref for done in runs)
    assert provider.driver().observe(spec) == run(provider.driver().ensure(spec)).outcome


def test_one_of_eight_products_gets_the_name(provider: Provider) -> None:
    name = provider.spec().name
    specs = [provider.spec(name=name) for _ in range(8)]

    def attempt(spec: Spec) -> object:
        try:
            return patiently(provider, spec).outcome
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(8) as workers:
        results = list(workers.map(attempt, specs))
    losers = [result for result in results if isinstance(result, Conflict)]
    assert len(losers) == 7
    winner = next(spec for spec, result in zip(specs, results, strict=True) if not isinstance(result, Conflict))
    assert provider.driver().observe(winner) is not None


@pytest.mark.parametrize("verb", ["ensure", "absent", "observe"])
@pytest.mark.parametrize("name", hostile.NAMES, ids=lambda name: ascii(name[:30]))
def test_hostile_names_are_refused_for_good(provider: Provider, state: Path, verb: str, name: str) -> None:
    with pytest.raises(Permanent):
        run(getattr(provider.driver(), verb)(provider.spec(name=name)))
    assert not list(state.glob("sandbox/*"))


@pytest.mark.parametrize("key", hostile.KEYS, ids=ascii)
def test_hostile_keys_are_refused_for_good(provider: Provider, key: str) -> None:
    with pytest.raises(Permanent):
        run(provider.driver().ensure(provider.spec(key=key)))


@pytest.mark.parametrize(
    "name", ["a.b", "xn--bcher-kva.example", "a-b.c-d.example", "123.example", ".".join(["a" * 61] * 4)]
)
def test_names_that_only_look_unusual_are_served(provider: Provider, name: str) -> None:
    spec = provider.spec(name=name)
    assert run(provider.driver().ensure(spec)).steps == provider.steps
    run(provider.driver().absent(spec))


def test_what_is_simulated_is_said(provider: Provider) -> None:
    said = [str(sentence) for sentence in provider.driver().sandboxes]
    assert said
    assert all(sentence.endswith(".") for sentence in said)
