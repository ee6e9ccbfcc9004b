"""Real servers on this machine, for the launcher and for tests.

with rig.PowerDNS() as dns:
    dns.url, dns.key, dns.port
    dns.kill()      # as after a power cut
    dns.start()     # the same ports, the same key, the same zones
"""

from manager.dev.rig.postgres import PostgreSQL
from manager.dev.rig.powerdns import PowerDNS
from manager.dev.rig.server import Server
from manager.dev.rig.valkey import Valkey

__all__ = ["PostgreSQL", "PowerDNS", "Server", "Valkey"]
