"""Signals whose exceptions Python cannot raise: in callbacks, as while an object is let go."""

import signal
from functools import partial
from typing import Any

import pytest

from poolcli.jobs.interrupts import Interrupted, Interrupts, raising
from tests.commands import posix


def in_a_callback(work: Any) -> None:
    """Do work where Python raises nothing: while an object is let go."""

    class Falling:
        def __del__(self) -> None:
            work()

    Falling()


@posix
def test_signal_that_python_swallowed() -> None:
    """It is obeyed all the same: by the end of the block, and by a run that begins behind it."""
    with pytest.raises(Interrupted) as caught, raising():
        in_a_callback(partial(signal.raise_signal, signal.SIGINT))
    assert caught.value.signal == signal.SIGINT
    with raising():
        in_a_callback(partial(signal.raise_signal, signal.SIGTERM))
        with Interrupts() as interrupts:
            assert interrupts.caught == signal.SIGTERM
    with raising(), Interrupts() as interrupts:
        assert interrupts.caught is None
