"""Questions to a running PowerDNS: as resolvers ask them, and by its API."""

import requests
from dns import message, query, rdatatype

from manager.dev import rig


def ask(server: rig.PowerDNS, name: str, kind: str) -> message.Message:
    return query.udp(message.make_query(name, kind), "127.0.0.1", port=server.port, timeout=5)


def answers(server: rig.PowerDNS, name: str, kind: str) -> list[str]:
    """The data of the answer, sorted; empty when there is none."""
    sets = [found for found in ask(server, name, kind).answer if found.rdtype == rdatatype.from_text(kind)]
    return sorted(str(data) for found in sets for data in found)


def api(server: rig.PowerDNS, method: str, path: str, **body: object) -> requests.Response:
    url = f"{server.url}/api/v1/servers/localhost/zones{path}"
    return requests.request(method, url, json=body or None, headers={"X-API-Key": server.key}, timeout=5)


def zones(server: rig.PowerDNS, name: str) -> list[dict[str, object]]:
    return api(server, "GET", f"?zone={name}.").json()
