"""What only sandboxes do: say what they are, and fail when one wants to see it."""

import pytest

from products.domains.sandbox import Registrar
from products.drivers import Permanent, Retryable
from tests.drivers.providers import PROVIDERS, Provider, run

SANDBOXES = [provider for provider in PROVIDERS if not provider.server]


@pytest.mark.parametrize("sandbox", SANDBOXES, ids=str)
def test_a_sandbox_refuses_on_request(sandbox: Provider) -> None:
    with pytest.raises(Permanent) as refusal:
        run(sandbox.driver().ensure(sandbox.spec(name="refuse-me.example")))
    assert "refuse-" in str(refusal.value.message)


@pytest.mark.parametrize("sandbox", SANDBOXES, ids=str)
def test_a_sandbox_is_busy_on_request_until_the_third_try(sandbox: Provider) -> None:
    spec = sandbox.spec(name="busy-day.example")
    for _ in range(2):
        with pytest.raises(Retryable):
            run(sandbox.driver().ensure(spec))
    assert run(sandbox.driver().ensure(spec)).steps == sandbox.steps


@pytest.mark.parametrize("sandbox", SANDBOXES, ids=str)
def test_a_sandbox_calls_itself_one(sandbox: Provider) -> None:
    assert run(sandbox.driver().ensure(sandbox.spec())).outcome.provider == "sandbox"


@pytest.fixture
def domain() -> Provider:
    return next(provider for provider in PROVIDERS if provider.kind == "domains")


def test_the_simulated_registry_refuses_on_request_too(domain: Provider) -> None:
    """Beside a real name server as well: it is asked first."""
    with pytest.raises(Permanent):
        Registrar().register(domain.spec(name="refuse-me.example"))


def test_the_simulated_registry_is_busy_until_the_third_try(domain: Provider) -> None:
    spec = domain.spec(name="busy-day.example")
    for _ in range(2):
        with pytest.raises(Retryable):
            Registrar().register(spec)
    Registrar().register(spec)
    assert Registrar().world.get(spec) == {}
    Registrar().register(spec)
