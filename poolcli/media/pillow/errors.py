"""Translation of Pillow's errors into poolcli's, and of the pixel limit into Pillow's."""

import ctypes
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from warnings import catch_warnings, simplefilter

from PIL import Image

from poolcli.errors import FileError, PictureError
from poolcli.media.files import is_system_failure

__all__ = ["check_pixels", "pixel_limit", "translate_errors"]

_UNSUPPORTED = (
    r"\b(unsupported|unimplemented|not (yet )?supported|not implemented|unknown pixel mode)\b"
)
"""Words of Pillow's about a file that is sound, but of a kind that it does not read."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e\+\d+)?")

_limit_lock = threading.Lock()
_limits: list[int | None] = []
_limit_before = Image.MAX_IMAGE_PIXELS


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


def check_pixels(pixels: int, limit: int | None) -> None:
    """Refuse more pixels than a limit.

    Raises
    ------
    PictureError
        If there are more.

    Examples
    --------
    >>> check_pixels(100, 100), check_pixels(10**12, None)
    (None, None)
    """
    if limit is not None and pixels > limit:
        raise PictureError(
            f"has {pixels} pixels or more, above the limit of {limit}; "
            f"use --max-pixels {pixels} or --max-pixels none if you trust the file"
        )


@contextmanager
def pixel_limit(limit: int | None) -> Iterator[None]:
    """Make Pillow's global limit this one inside the block; None for no limit.

    Pillow's decoders look at it before they allocate what a part of a file asks for. Of limits
    that threads ask for at the same time, the largest holds.
    """
    global _limit_before
    with _limit_lock:
        if not _limits:
            _limit_before = Image.MAX_IMAGE_PIXELS
        _limits.append(limit)
        _apply_limits()
    try:
        yield
    finally:
        with _limit_lock:
            _limits.remove(limit)
            _apply_limits()


def _apply_limits() -> None:
    if not _limits:
        Image.MAX_IMAGE_PIXELS = _limit_before
        return
    known = [limit for limit in _limits if limit is not None]
    # Pillow raises an error from twice its limit on, and only warns before.
    most: Any = None if len(known) < len(_limits) else max(known) / 2
    Image.MAX_IMAGE_PIXELS = most


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
    except (PictureError, FileError, MemoryError, passed):
        raise
    except Image.DecompressionBombError as error:
        pixels, limit = (int(float(number)) for number in _NUMBER.findall(str(error))[:2])
        check_pixels(pixels, limit)
    except Exception as error:  # damaged files make Pillow's decoders raise almost anything
        if is_system_failure(error):
            raise
        words = re.search(_UNSUPPORTED, str(error), re.IGNORECASE)
        if isinstance(error, NotImplementedError) or words:
            raise PictureError(
                f"is of a kind that cannot be read ({error}); save it as PNG or TIFF"
            ) from error
        raise PictureError(f"is truncated or damaged ({error})") from error
