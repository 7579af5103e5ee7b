"""The border to Pillow: its errors become a sentence of our own, its limit is not ours."""

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
    """Lift Pillow's limit of pixels, which knows no flag; that of ``--max-pixels`` stands."""
    with _limit_lock:
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit


@contextmanager
def translate_errors(passed: type[Exception] = PictureError) -> Iterator[None]:
    """Say in a sentence of our own what Pillow found wrong with a file; nothing else is said."""
    try:
        with catch_warnings():
            simplefilter("ignore")
            yield
    except (PictureError, MemoryError, passed):
        raise
    except Exception as error:  # a damaged file leads Pillow's decoders to almost any
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise PictureError(f"is truncated or damaged ({error})") from error
