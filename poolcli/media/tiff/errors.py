"""Translation of tifffile's errors into poolcli's."""

from collections.abc import Iterator
from contextlib import contextmanager
from warnings import catch_warnings, simplefilter

from poolcli.errors import PictureError, PoolingError
from poolcli.media.files import is_system_failure

__all__ = ["quietly", "translate_errors"]


@contextmanager
def quietly() -> Iterator[None]:
    """Translate errors as `translate_errors` does, and silence warnings; in the main thread alone.

    Raises
    ------
    PictureError
        If the file is damaged.
    """
    with catch_warnings(), translate_errors():
        simplefilter("ignore")
        yield


@contextmanager
def translate_errors() -> Iterator[None]:
    """Translate any error of tifffile's into a `PictureError`.

    Raises
    ------
    PictureError
        If the file is damaged.
    """
    try:
        yield
    except (PoolingError, MemoryError):
        raise
    except Exception as error:  # damaged directories make tifffile raise almost anything
        if is_system_failure(error):
            raise
        raise PictureError(f"is truncated or damaged ({error})") from error
