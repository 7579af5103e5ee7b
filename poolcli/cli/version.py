"""Versions of poolcli and its libraries, found without loading the libraries."""

import sys
from importlib.util import find_spec
from pathlib import Path

from poolcli import __version__

__all__ = ["version_of", "versions"]


def versions() -> str:
    """Describe the versions of poolcli, Pillow, NumPy and Python in one line."""
    parts = f"Pillow {version_of('PIL', 'pillow')}, NumPy {version_of('numpy', 'numpy')}"
    return f"poolcli {__version__} ({parts}, Python {sys.version.split()[0]})"


def version_of(package: str, distribution: str) -> str:
    """Read the version of an installed package from the name of its metadata folder.

    ``importlib.metadata``, the fallback, loads Python's e-mail parser: that alone takes longer than
    everything else that ``--version`` does.
    """
    spec = find_spec(package)
    if spec is not None and spec.origin is not None:
        beside = Path(spec.origin).parents[1].glob(f"{distribution}-*.dist-info")
        names = [path.name.removesuffix(".dist-info") for path in beside]
        if len(names) == 1:
            return names[0].partition("-")[2]
    from importlib.metadata import version

    return version(distribution)
