"""Translation of Pillow's errors into poolcli's, and the lifting of its pixel limit."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from warnings import catch_warnings, simplefilter

from PIL import Image

from poolcli.errors import PictureError

__all__ = ["lift_pixel_limit", "translate_errors"]

_limit_lock = threading.Lock()


@contextmanager
def lift_pixel_limit() -> Iterator[None]:
    """Lift Pillow's global pixel limit inside the block; ``--max-pixels`` is checked instead."""
    with _limit_lock:
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit


@contextmanager
def translate_errors(passed: type[Exception] = PictureError) -> Iterator[None]:
    """Translate any error of Pillow's into a `PictureError`, and silence its warnings.

    Parameters
    ----------
    passed : type of Exception
        Errors that pass unchanged.
    """
    try:
        with catch_warnings():
            simplefilter("ignore")
            yield
    except (PictureError, MemoryError, passed):
        raise
    except Exception as error:  # damaged files make Pillow's decoders raise almost anything
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise PictureError(f"is truncated or damaged ({error})") from error
