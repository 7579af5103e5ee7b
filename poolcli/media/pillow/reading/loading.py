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

_SWITCH_INTERVAL = 1e-4
"""Seconds after which the import lets the decoder go on, which asks for each piece of its file."""


def load(image: ImageFile) -> None:
    """Decode the picture that an image is at.

    Raises
    ------
    Exception
        Of almost any kind, if the file is damaged.
    """
    if "numpy" in sys.modules:
        image.load()
    else:
        _load_beside_import(image)


def _load_beside_import(image: ImageFile) -> None:
    # The import is what the thread does, as it also begins with an empty stack there: deep down in
    # this one it may lie just at the end of a block of Python's stack, which CPython 3.11 then asks
    # the system for and gives back at every call.
    thread, interval = Thread(target=_import_numpy, daemon=True), sys.getswitchinterval()
    try:
        thread.start()
    except RuntimeError:  # the system gives no more threads
        image.load()
        return
    try:
        sys.setswitchinterval(_SWITCH_INTERVAL)
        image.load()
    finally:
        thread.join()
        sys.setswitchinterval(interval)


def _import_numpy() -> None:
    with suppress(ImportError):  # raised where it is needed
        import_module("numpy")
