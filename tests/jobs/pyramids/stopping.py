"""Pyramids that stop in the middle."""

from typing import Any

import pytest

from poolcli.core.pyramids.pyramid import Pyramid
from poolcli.jobs.pyramids import building


def stop_at(patch: pytest.MonkeyPatch, at: int) -> None:
    """Let no more than so many boxes be written."""
    count = 0
    scaled = Pyramid.scaled

    def counted(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        if count > at:
            raise KeyboardInterrupt
        return scaled(*arguments)

    patch.setattr(Pyramid, "scaled", counted)
    by_parts = building.Builder._by_parts

    def counted_parts(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        if count > at:
            raise KeyboardInterrupt
        return by_parts(*arguments)

    patch.setattr(building.Builder, "_by_parts", counted_parts)
