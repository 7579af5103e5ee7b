"""Which versions are at work, told without loading what is asked about."""

import sys
from importlib.util import find_spec
from pathlib import Path

__all__ = ["POOLCLI", "version_of", "versions"]

POOLCLI = "0.1.0"
"""What is released by this name; the package's metadata take it from here."""


def versions() -> str:
    """Those of poolcli and of what it stands on, in a line."""
    parts = f"Pillow {version_of('PIL', 'pillow')}, NumPy {version_of('numpy', 'numpy')}"
    return f"poolcli {POOLCLI} ({parts}, Python {sys.version.split()[0]})"


def version_of(package: str, distribution: str) -> str:
    """The version of what is installed, as the folder beside it that tells of it is called.

    What reads such folders loads Python's reader of e-mail, which takes longer than all the rest.
    """
    spec = find_spec(package)
    if spec is not None and spec.origin is not None:
        beside = Path(spec.origin).parents[1].glob(f"{distribution}-*.dist-info")
        names = [path.name.removesuffix(".dist-info") for path in beside]
        if len(names) == 1:
            return names[0].partition("-")[2]
    from importlib.metadata import version

    return version(distribution)
