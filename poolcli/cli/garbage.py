"""Garbage collection, which begins once all modules are loaded."""

import gc

__all__ = ["enable_gc"]


def enable_gc() -> None:
    """Enable the garbage collector if it is disabled, as it is while the command starts.

    What the loaded modules consist of lives as long as the process, so it is frozen: the collector
    never looks at it.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
