"""Every pooling a neural network knows, for any image or array.

Nothing is imported before it is used, so that ``import poolcli`` costs next to nothing.

Examples
--------
>>> import numpy as np
>>> import poolcli
>>> poolcli.max_pool(np.zeros((3, 201, 250)), 6, 2).shape
(3, 98, 123)
"""

from typing import TYPE_CHECKING

from poolcli.errors import FileError, PathError, PictureError, PoolingError, WindowError

__version__ = "0.1.0"

__all__ = [
    "FileError",
    "Operation",
    "PathError",
    "PictureError",
    "PoolingError",
    "WindowError",
    "adaptive_pool",
    "avg_pool",
    "compare",
    "explain",
    "functional",
    "gem_pool",
    "max_pool",
    "max_unpool",
    "median_pool",
    "min_pool",
    "mode_pool",
    "pool_file",
    "quantile_pool",
    "range_pool",
    "std_pool",
    "sum_pool",
]

_HOMES = {
    "Operation": "poolcli.jobs.operation",
    "adaptive_pool": "poolcli.core.adaptive",
    "avg_pool": "poolcli.core.averaging",
    "compare": "poolcli.views.compared",
    "explain": "poolcli.views.boards.explained",
    "functional": "poolcli.functional",
    "gem_pool": "poolcli.core.averaging",
    "max_pool": "poolcli.core.pooling",
    "max_unpool": "poolcli.core.unpooling",
    "median_pool": "poolcli.core.ranking",
    "min_pool": "poolcli.core.pooling",
    "mode_pool": "poolcli.core.ranking",
    "pool_file": "poolcli.jobs.perform",
    "quantile_pool": "poolcli.core.ranking",
    "range_pool": "poolcli.core.measuring",
    "std_pool": "poolcli.core.measuring",
    "sum_pool": "poolcli.core.measuring",
}

if TYPE_CHECKING:
    import poolcli.functional as functional
    from poolcli.core.adaptive import adaptive_pool
    from poolcli.core.averaging import avg_pool, gem_pool
    from poolcli.core.measuring import range_pool, std_pool, sum_pool
    from poolcli.core.pooling import max_pool, min_pool
    from poolcli.core.ranking import median_pool, mode_pool, quantile_pool
    from poolcli.core.unpooling import max_unpool
    from poolcli.jobs.operation import Operation
    from poolcli.jobs.perform import pool_file
    from poolcli.views.boards.explained import explain
    from poolcli.views.compared import compare
else:
    # Type checkers would take this to mean that every name exists.
    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        home = import_module(_HOMES[name])
        return home if name == "functional" else getattr(home, name)


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
