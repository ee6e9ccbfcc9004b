"""What only sandboxes do: say what they are, and fail when one wants to see it."""

import pytest

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
