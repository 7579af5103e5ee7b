"""HEIC and HEIF, the pictures of phones, by the plugin of the extra [heif]."""

from importlib import import_module
from typing import BinaryIO

from poolcli.media.pillow.reading.kinds import is_heif

__all__ = ["HEIF_ADVICE", "register_if_heif"]

HEIF_ADVICE = "is a HEIC picture that cannot be read, perhaps because it is cut; save it again"
"""Description of a file that the plugin could not open."""


def register_if_heif(file: BinaryIO) -> bool:
    """Register the plugin with Pillow if a file is a HEIC by its content; tell whether it is there.

    Returns
    -------
    bool
        Whether the file is one, and the extra is installed.
    """
    if not is_heif(file):
        return False
    try:
        import_module("pillow_heif").register_heif_opener(thumbnails=False)
    except ImportError:
        return False
    return True
