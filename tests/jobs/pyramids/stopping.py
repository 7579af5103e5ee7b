"""Pyramids that stop in the middle."""

from collections.abc import Callable
from typing import Any

import pytest

from poolcli.core.pyramids.pyramid import Pyramid
from poolcli.jobs.boxes.running import Pass
from poolcli.jobs.pyramids import building


def stop_at(patch: pytest.MonkeyPatch, at: int) -> None:
    """Let so many boxes be written, and the next one in part."""
    count = 0

    def stopping(work: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def counted(where: Any) -> Any:
            nonlocal count
            count += 1
            if count <= at:
                return work(where)
            patch.setattr(Pyramid, "scaled", stop)
            work(where)
            raise KeyboardInterrupt

        return counted

    def stopping_pass(name: str, shape: Any, size: Any, work: Any, keep: Any = None) -> Pass:
        return Pass(name, shape, size, stopping(work), keep)

    patch.setattr(building, "Pass", stopping_pass)


def stop(*_: Any) -> None:
    raise KeyboardInterrupt
