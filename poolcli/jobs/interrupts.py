"""Signals that ask to stop: a long run notes the first one and obeys a second at once."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["Interrupted", "Interrupts", "raising"]

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # the last is not known everywhere


_swallowed: list[int] = []


class Interrupted(KeyboardInterrupt):
    """A signal asked to stop.

    Attributes
    ----------
    signal : int
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = number


class Interrupts:
    """Note signals while the block lasts.

    Attributes
    ----------
    caught : int, optional
        The first signal that came.
    """

    def __init__(self) -> None:
        self.caught: int | None = _swallowed.pop() if _swallowed else None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Interrupts":
        self._before = _handled_by(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if self.caught is not None:
            raise Interrupted(number)
        self.caught = number


@contextmanager
def raising() -> Iterator[None]:
    """Raise `Interrupted` for every signal that asks to stop, while the block lasts.

    Python swallows what is raised while it is in a callback of its own (as imports have them), so
    the signal is remembered: it is obeyed by `Interrupts`, or at the end of the block.
    """
    before, hook = _handled_by(_raise), sys.unraisablehook
    sys.unraisablehook = _pass_over
    try:
        yield
        if _swallowed:
            raise Interrupted(_swallowed[0])
    finally:
        _swallowed.clear()
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise(number: int, _frame: FrameType | None) -> None:
    raise Interrupted(number)


def _pass_over(swallowed: Any) -> None:
    """Remember a signal whose exception Python could not raise, and print nothing."""
    if isinstance(swallowed.exc_value, Interrupted):
        _swallowed.append(swallowed.exc_value.signal)
    else:
        sys.__unraisablehook__(swallowed)


def _handled_by(handler: Any) -> dict[int, Any]:
    """Take over the signals, and return who had them; only a main thread may."""
    before: dict[int, Any] = {}
    if threading.current_thread() is not threading.main_thread():
        return before
    for name in _NAMES:
        number = getattr(signal, name, None)
        # One that is ignored (by nohup, by a shell's &) is meant to be.
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, handler)
    return before
