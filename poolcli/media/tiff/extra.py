"""The libraries of the extra ``[tiff]``, imported when the first file needs them."""

import logging
from functools import cache
from typing import Any

__all__ = ["codecs", "is_installed", "library"]


def is_installed() -> bool:
    """Tell whether the libraries can be imported, by importing them."""
    try:
        library()
        codecs()
    except ImportError:
        return False
    return True


def library() -> Any:
    """Import tifffile.

    Raises
    ------
    ImportError
        If it is missing.
    """
    import tifffile

    _silence()
    return tifffile


def codecs() -> Any:
    """Import imagecodecs, which loads each codec when it is used.

    Raises
    ------
    ImportError
        If it is missing.
    """
    import imagecodecs

    return imagecodecs


@cache
def _silence() -> None:
    """Keep tifffile's logger off standard error: what matters of it is raised or noted."""
    logging.getLogger("tifffile").addHandler(logging.NullHandler())
