"""When modules are loaded, and the garbage collector is to work again."""

import gc

__all__ = ["loaded"]


def loaded() -> None:
    """Wake the collector, if whoever began this process has put it to rest.

    What the modules are made of stays as long as the process, so it need never be looked at.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
