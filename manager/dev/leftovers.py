"""What a start that was itself killed left running: found by pid and time of birth, and ended."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path


def birth(pid: int) -> str | None:
    """When this process began, in words that differ for a later one with the same pid; None when there is none."""
    if not Path("/proc/self/stat").exists():
        answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return answer.stdout.strip() or None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else fields[19]


def sweep(records: Path, patience: float = 10.0) -> list[str]:
    """What an earlier start that was itself killed left running has ended; the names of it, latest first."""
    found: list[str] = []
    for record in sorted(records.glob("*"), key=lambda path: path.stat().st_mtime, reverse=True):
        try:
            pid, ending, born = record.read_text().split(" ", 2)
            number, process = signal.Signals(int(ending)), int(pid)
        except ValueError:  # the machine stopped while it was written
            record.unlink()
            continue
        if birth(process) == born:
            found.append(record.name)
            os.kill(process, number)
            until = time.monotonic() + patience
            while birth(process) == born and time.monotonic() < until:
                time.sleep(0.05)
        if birth(process) in (born, None):  # not another program that got the pid meanwhile
            kill_group(process)
        record.unlink()
    return found


def kill_group(leader: int) -> None:
    """Nothing of the process group is left."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says the second when only a dead leader is left
        os.killpg(leader, signal.SIGKILL)
