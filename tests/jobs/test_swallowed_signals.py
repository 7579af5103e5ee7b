"""Signals whose exceptions Python cannot raise: in callbacks, as while an object is let go."""

import signal
import sys
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


@posix
def test_python_is_given_back_its_own_ways_after_the_block() -> None:
    hook, handler = sys.unraisablehook, signal.getsignal(signal.SIGTERM)
    with raising():
        assert sys.unraisablehook is not hook
        assert signal.getsignal(signal.SIGTERM) is not handler
    assert sys.unraisablehook is hook
    assert signal.getsignal(signal.SIGTERM) is handler


@posix
def test_what_else_cannot_be_raised_is_told_as_ever(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ValueError("lost in a callback")

    with raising():
        in_a_callback(fail)
    assert "ValueError: lost in a callback" in capsys.readouterr().err


@posix
def test_a_signal_is_obeyed_once() -> None:
    with pytest.raises(Interrupted), raising():
        in_a_callback(partial(signal.raise_signal, signal.SIGINT))
    with raising():
        pass
    with Interrupts() as interrupts:
        assert interrupts.caught is None
