"""Reading what there is of a picture whose file is cut, if that is asked for."""

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import ImageFile

from poolcli.media.files import is_system_failure
from poolcli.media.pillow.reading.loading import load

__all__ = ["load_what_there_is", "truncation_allowed"]

_FORMATS = {"JPEG", "MPO", "PNG"}
_FAILURES = (OSError, SyntaxError, ValueError, IndexError, EOFError, struct.error, zlib.error)

_lock = threading.RLock()


def load_what_there_is(image: ImageFile.ImageFile) -> str:
    """Decode the picture that an image is at, or its beginning; return a note, or "".

    Pixels that are missing of a JPEG are grey or repeat the last ones, those of a PNG are black,
    or invisible.

    Raises
    ------
    Exception
        Of almost any kind, if the file is damaged and is neither a JPEG nor a PNG, or if there is
        nothing to read of it.
    """
    try:
        load(image)
    except _FAILURES as error:
        if image.format not in _FORMATS or is_system_failure(error):
            raise
        with truncation_allowed():
            image.load()
        return f"is truncated or damaged ({error}): what there is of it was read"
    return ""


@contextmanager
def truncation_allowed() -> Iterator[None]:
    """Let Pillow's decoders end early, inside the block; the setting is global, so one at a time.

    >>> with truncation_allowed():
    ...     ImageFile.LOAD_TRUNCATED_IMAGES
    True
    >>> ImageFile.LOAD_TRUNCATED_IMAGES
    False
    """
    with _lock:
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before
