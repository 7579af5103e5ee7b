"""Decoding a picture, at the start of the process while NumPy is imported.

Both take long and neither needs the other; but all that reads files and decides what to decode
comes before, in its usual order, so that a picture is the same and fails the same either way.
"""

import sys
from contextlib import suppress
from importlib import import_module
from threading import Thread

from PIL.ImageFile import ImageFile

__all__ = ["load"]

_LEAST_PIXELS = 1 << 20
"""Fewer pixels are decoded faster than a thread can gain."""

_SWITCH_INTERVAL = 1e-4
"""Seconds after which the import lets the decoder go on, which asks for each piece of its file."""


def load(image: ImageFile) -> None:
    """Decode the picture that an image is at.

    Raises
    ------
    Exception
        Of almost any kind, if the file is damaged.
    """
    if "numpy" in sys.modules or image.width * image.height < _LEAST_PIXELS:
        image.load()
    else:
        _load_beside_import(image)


def _load_beside_import(image: ImageFile) -> None:
    failures: list[BaseException] = []

    def decode() -> None:
        try:
            image.load()
        except BaseException as error:
            failures.append(error)

    thread, interval = Thread(target=decode, daemon=True), sys.getswitchinterval()
    try:
        thread.start()
    except RuntimeError:  # the system gives no more threads
        image.load()
        return
    try:
        sys.setswitchinterval(_SWITCH_INTERVAL)
        with suppress(ImportError):  # raised where it is needed
            import_module("numpy")
    finally:
        sys.setswitchinterval(interval)
        thread.join()  # also before a signal is obeyed, as the image is closed then
    if failures:
        raise failures[0]
