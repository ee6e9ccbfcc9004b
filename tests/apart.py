"""A plugin that pytest loads first: every process of a run in several has a Redis database of its own.

pytest-django names the PostgreSQL database of each process itself.
"""

import os
from urllib.parse import urlsplit

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
# Redis comes with 16 databases; 0 is the one of a run in one process.
DATABASES = 15


def own(url: str, worker: str) -> str:
    """`unix:///path?db=0` or `redis://host/0` of the first process, as that of worker `gw1`."""
    number = int(worker.removeprefix("gw")) % DATABASES + 1
    address = url.partition("?")[0]
    if address.startswith("unix:"):
        return f"{address}?db={number}"
    return urlsplit(address)._replace(path=f"/{number}").geturl()


if WORKER and "REDIS_URL" in os.environ:
    os.environ["REDIS_URL"] = own(os.environ["REDIS_URL"], WORKER)
