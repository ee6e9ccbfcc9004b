"""Free ports, and the plainest way to ask who listens at an address."""

import random
import socket
from pathlib import Path

# Below the range the system takes ports for outgoing connections from, so that a restarted server finds its own free.
RANGE = range(20000, 32000)


def free_port() -> int:
    """A port that nobody uses on this machine, for TCP and for UDP."""
    for port in random.sample(RANGE, 200):
        if is_free(port):
            return port
    raise RuntimeError("no free port was found")


def is_free(port: int, kinds: tuple[socket.SocketKind, ...] = (socket.SOCK_STREAM, socket.SOCK_DGRAM)) -> bool:
    """Whether a server may listen there on 127.0.0.1; raises PermissionError where only root may."""
    for kind in kinds:
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind is socket.SOCK_STREAM:  # a port that only waits for the packets of closed connections is free
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except PermissionError:
                raise
            except OSError:
                return False
    return True


def ask(address: Path | int, question: bytes, *, seconds: float = 2.0) -> bytes:
    """The beginning of what the server at a Unix socket or a port of 127.0.0.1 answers; empty when nobody does."""
    family = socket.AF_INET if isinstance(address, int) else socket.AF_UNIX
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(seconds)
        try:
            connection.connect(("127.0.0.1", address) if isinstance(address, int) else str(address))
            connection.sendall(question)
            return connection.recv(4096)
        except OSError:
            return b""


def http_status(port: int, path: str, **headers: str) -> int:
    """The status that the web server at this port answers with; 0 when it does not."""
    lines = [f"GET {path} HTTP/1.0", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    answer = ask(port, "\r\n".join([*lines, "", ""]).encode()).split()
    return int(answer[1]) if len(answer) > 1 and answer[1].isdigit() else 0
