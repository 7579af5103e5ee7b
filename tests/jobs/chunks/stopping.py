"""Poolings of boxes that are stopped at a certain one."""

from typing import Any

import pytest

from poolcli.core.parts import pool_part


class Stopping:
    """A pooling of parts that fails at a certain one, and counts them."""

    def __init__(self, at: int, error: BaseException) -> None:
        self.count, self._at, self._error = 0, at, error

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        self.count += 1
        if self.count == self._at:
            raise self._error
        return pool_part(*arguments, **options)


def stop(patch: pytest.MonkeyPatch, at: int, error: BaseException) -> Stopping:
    stopping = Stopping(at, error)
    patch.setattr("poolcli.core.parts.pool_part", stopping)
    return stopping
