"""Settings of the tests of pyramids."""

import pytest

from poolcli.jobs.pyramids import building


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a block give but one or two levels, so that there are many passes."""
    monkeypatch.setattr(building, "_BLOCK_BYTES", 1 << 11)
    monkeypatch.setattr(building, "_PART_BYTES", 1 << 11)
