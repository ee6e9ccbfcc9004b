"""The unprivileged account that servers run as when the portal is started by root; PostgreSQL refuses root."""

import os
import pwd
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def options(self) -> dict[str, Any]:
        """What `subprocess.Popen` needs to run a program as this account and with no other group."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take(self, path: Path) -> None:
        """The file or folder belongs to the account."""
        os.chown(path, self.uid, self.gid)

    def enters(self, folder: Path) -> bool:
        """Whether the account may go through every folder on the way, and through the last one."""
        folder = folder.resolve()
        return all(self._passes(part) for part in (folder, *folder.parents))

    def _passes(self, folder: Path) -> bool:
        status = folder.stat()
        bit = 0o100 if status.st_uid == self.uid else 0o010 if status.st_gid == self.gid else 0o001
        return bool(status.st_mode & bit)


@cache
def unprivileged() -> Account | None:
    """`nobody` for root; None for an ordinary person, whose own account is right."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
