"""The border at which whatever Pillow finds wrong with a file becomes a sentence of our own."""

from collections.abc import Iterator
from contextlib import contextmanager
from warnings import catch_warnings, simplefilter

from poolcli.errors import PictureError

__all__ = ["pillows_errors"]


@contextmanager
def pillows_errors(passed: type[Exception] = PictureError) -> Iterator[None]:
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
