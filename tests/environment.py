"""The environment that every test sees, whoever runs the tests and however."""

import os
from pathlib import Path

import pytest

__all__ = ["STANDARD", "standardise", "unwanted"]

_KEPT = {
    "COMSPEC",
    "DYLD_LIBRARY_PATH",
    "LD_LIBRARY_PATH",
    "PATH",
    "PATHEXT",
    "PYTHONHOME",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "VIRTUAL_ENV",
    "WINDIR",
}
"""Variables that say where things are. What says how they look or work is the same for everyone."""

_OF_THE_RUNNER = ("COVERAGE_", "COV_", "PYTEST_")

STANDARD = {
    "COLUMNS": "80",
    # Where files may not grow, Python would leave the first part of its bytecode lying about.
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONPATH": os.pathsep.join(
        [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    ),
    "PYTHONUTF8": "1",
    "TERM": "xterm",
    "TZ": "UTC",
}
"""Variables that every test sees; ``python -m poolcli`` is the one beside the tests."""


def standardise(patch: pytest.MonkeyPatch) -> None:
    """Take away what is unwanted, and set what is standard."""
    for name in unwanted():
        patch.delenv(name)
    for name, value in STANDARD.items():
        patch.setenv(name, value)


def unwanted() -> list[str]:
    """List the variables that no test should see."""
    return [
        name
        for name in os.environ
        if name not in _KEPT and name not in STANDARD and not name.startswith(_OF_THE_RUNNER)
    ]
