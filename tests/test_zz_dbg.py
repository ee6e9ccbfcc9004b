import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.test_budgets import furnish, furnish_more
pytestmark = pytest.mark.django_db
def test_dbg(world):
    for n in (0, 1):
        furnish(world, 10, 2, 3) if n == 0 else furnish_more(world)
        for again in range(3):
            client = world.client("collaborator")
            for _ in range(2):
                with CaptureQueriesContext(connection) as c:
                    assert client.get("/o/acme/activity/").status_code == 200
                print("==", n, again, len(c))
        for q in c.captured_queries: print("   ", q["sql"][:230])
