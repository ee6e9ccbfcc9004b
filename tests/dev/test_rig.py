"""The rig: real servers that can be killed and come back at the same address with the same data."""

import os
from pathlib import Path

import dns.message
import dns.query
import dns.rcode
import psycopg
import pytest
import redis
import requests

from manager.dev import rig
from manager.dev.processes import Failed
from manager.dev.rig.addresses import is_free

ZONE = "kept.example."


@pytest.fixture
def powerdns():
    if sentence := rig.PowerDNS.missing():
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    with rig.PowerDNS() as server:
        yield server


def serial(server: rig.PowerDNS) -> int:
    question = dns.message.make_query(ZONE, "SOA")
    answer = dns.query.udp(question, "127.0.0.1", port=server.port, timeout=5)
    assert answer.rcode() == dns.rcode.NOERROR
    return answer.answer[0][0].serial


def test_powerdns_keeps_zones_key_and_ports_when_killed(powerdns):
    zones = f"{powerdns.url}/api/v1/servers/localhost/zones"
    body = {"name": ZONE, "kind": "Native", "nameservers": ["ns1.kestrel.example."]}
    assert requests.post(zones, json=body, headers={"X-API-Key": powerdns.key}, timeout=5).status_code == 201
    before = serial(powerdns), powerdns.port, powerdns.url, powerdns.key

    powerdns.kill()
    assert not powerdns.alive()
    with pytest.raises(requests.ConnectionError):
        requests.get(zones, timeout=5)

    powerdns.start()
    assert (serial(powerdns), powerdns.port, powerdns.url, powerdns.key) == before


def test_powerdns_refuses_other_keys_and_keeps_its_own_private(powerdns):
    answer = requests.get(f"{powerdns.url}/api/v1/servers", headers={"X-API-Key": "guess"}, timeout=5)
    assert answer.status_code == 401
    assert {oct((powerdns.folder / name).stat().st_mode & 0o777) for name in ("pdns.conf", "api-key")} == {"0o600"}


def test_powerdns_moves_when_somebody_took_its_port(powerdns):
    taken, folder = powerdns.port, powerdns.folder
    second = rig.PowerDNS(folder)
    assert second.port != taken
    assert second.key == powerdns.key
    assert not is_free(taken)


def test_valkey_keeps_what_was_written_when_killed():
    with rig.Valkey() as server:
        redis.from_url(server.url).set("job", "queued")
        server.kill()
        with pytest.raises(redis.ConnectionError):
            redis.from_url(server.url).get("job")
        server.start()
        assert redis.from_url(server.url).get("job") == b"queued"
    assert not server.alive()
    assert not server.folder.exists()


@pytest.fixture(scope="module")
def postgres():
    with rig.PostgreSQL(durable=False) as server:
        yield server


def connect(server: rig.PostgreSQL) -> psycopg.Connection:
    return psycopg.connect(host=str(server.folder), user="portal", dbname="portal", autocommit=True)


def test_postgres_has_the_two_roles(postgres):
    with connect(postgres) as connection:
        known = (
            "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreatedb FROM pg_roles WHERE rolname ~ '^portal'"
        )
        assert set(connection.execute(known)) == {
            ("portal", False, False, True, True),
            ("portal_worker", False, False, False, False),
        }
        owner = connection.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'portal'")
        assert owner.fetchone() == ("portal",)


def test_postgres_worker_role_is_taken_on_purpose_only(postgres):
    with connect(postgres) as connection:
        connection.execute("CREATE TABLE parcel (id int)")
        connection.execute("GRANT SELECT ON parcel TO portal_worker")
        connection.execute("SET ROLE portal_worker")
        assert connection.execute("SELECT current_user").fetchone() == ("portal_worker",)
        connection.execute("RESET ROLE")
        membership = connection.execute(
            "SELECT inherit_option, set_option, admin_option FROM pg_auth_members WHERE member = 'portal'::regrole"
        )
        assert membership.fetchall() == [(False, True, False)]
        connection.execute("DROP TABLE parcel")


def test_postgres_listens_on_its_socket_only(postgres):
    with connect(postgres) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert postgres.folder.stat().st_mode & 0o777 == 0o700


def test_postgres_keeps_what_was_committed_when_killed(postgres):
    with connect(postgres) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS value")
    postgres.kill()
    postgres.start()
    with connect(postgres) as connection:
        assert connection.execute("SELECT value FROM kept").fetchall() == [(1,)]


def test_data_of_another_version_is_refused_by_name(tmp_path: Path):
    server = rig.PostgreSQL()
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Failed, match=r"written by PostgreSQL 9, and here is PostgreSQL \d\d"), server:
        pytest.fail("it started")
