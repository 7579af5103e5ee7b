"""Translation of Pillow's errors into poolcli's, and the lifting of its pixel limit."""

import ctypes
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from warnings import catch_warnings, simplefilter

from PIL import Image

from poolcli.errors import PictureError

__all__ = ["lift_pixel_limit", "translate_errors"]

_UNSUPPORTED = (
    r"\b(unsupported|unimplemented|not (yet )?supported|not implemented|unknown pixel mode)\b"
)
"""Words of Pillow's about a file that is sound, but of a kind that it does not read."""

_limit_lock = threading.Lock()


def _silence_libraries() -> None:
    """Keep lines of Pillow's logger and of libtiff off standard error.

    Their errors come as exceptions too. Pillow already silences libtiff's warnings alone.
    """
    logging.getLogger("PIL").addHandler(logging.NullHandler())
    core: Any = vars(Image).get("core")
    with suppress(AttributeError, OSError, TypeError):  # libtiff is a part of some builds of Pillow
        library = ctypes.CDLL(core.__file__)
        for name in ("TIFFSetErrorHandler", "TIFFSetErrorHandlerExt"):
            setter = getattr(library, name)
            setter.argtypes, setter.restype = (ctypes.c_void_p,), ctypes.c_void_p
            setter(None)


_silence_libraries()


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
        words = re.search(_UNSUPPORTED, str(error), re.IGNORECASE)
        if isinstance(error, NotImplementedError) or words:
            raise PictureError(
                f"is of a kind that cannot be read ({error}); save it as PNG or TIFF"
            ) from error
        raise PictureError(f"is truncated or damaged ({error})") from error
