"""The library of the extra ``[cluster]``, imported when the first run needs it."""

import logging
from importlib.metadata import version
from typing import Any

from poolcli.errors import PoolingError

__all__ = ["library"]

_LOWEST = (2026, 8)

_LOGGERS = ("asyncio", "bokeh", "dask", "distributed", "tornado")


def library(*, debug: bool = False) -> Any:
    """Import distributed.

    Parameters
    ----------
    debug : bool
        Whether its loggers may speak: they print tracebacks of what is told in a sentence here.

    Raises
    ------
    PoolingError
        If it is missing or too old.
    """
    try:
        import dask
        import distributed
    except ImportError as error:
        raise PoolingError("--cluster needs an extra; pip install '.[cluster]'") from error
    installed = version("distributed")
    have = tuple(int(part) for part in installed.split(".")[:2] if part.isdecimal())
    if have < _LOWEST:
        raise PoolingError(
            f"--cluster needs distributed 2026.8.0 or later, and {installed} is installed; "
            "pip install '.[cluster]'"
        )
    # Whoever asks for the scheduler's or a worker's answer must not wait for half a minute.
    dask.config.set({"distributed.comm.timeouts.connect": "5s"})
    dask.config.set({"distributed.comm.timeouts.tcp": "11s"})
    if not debug:
        _silence()
    return distributed


def _silence() -> None:
    known = [name for name in logging.root.manager.loggerDict if name.startswith(_LOGGERS)]
    for name in {*known, *_LOGGERS}:
        logger = logging.getLogger(name)
        # Without a handler of its own, a message would be printed by the last resort.
        logger.handlers, logger.propagate = [logging.NullHandler()], False
