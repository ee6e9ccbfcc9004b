"""Ctrl-C, a closed terminal and a polite kill: one way to end, at any moment, with nothing left behind."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_shields = 0
_pending = False
received: signal.Signals | None = None


def listen() -> None:
    """From now on SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt, except while shielded."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays nohup
            signal.signal(number, _receive)


@contextmanager
def shield() -> Iterator[None]:
    """What is inside runs to its end; an interruption that came meanwhile is raised after it."""
    global _shields, _pending
    _shields += 1
    try:
        yield
    finally:
        _shields -= 1
        if _pending and not _shields:
            _pending = False
            raise KeyboardInterrupt


@contextmanager
def ending() -> Iterator[None]:
    """What is inside runs to its end and further interruptions are dropped: the end is under way already."""
    global _shields, _pending
    _shields += 1
    try:
        yield
    finally:
        _shields -= 1
        _pending = False


def _receive(number: int, frame: FrameType | None) -> None:
    global _pending, received
    received = signal.Signals(number)
    if _shields:
        _pending = True
    else:
        raise KeyboardInterrupt
