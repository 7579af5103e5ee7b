"""The zlib that PNGs are written and read by: the standard library's, or a faster one.

The extra ``[fast]`` brings zlib-ng and isal. Files are as small either way: zlib-ng deflates where
nothing is searched for repetitions, and there makes the bytes that zlib makes, but for the ends of
blocks in pure noise.
"""

import zlib
from functools import cache
from typing import Any

__all__ = ["deflating_library", "inflates_faster", "inflating_library"]


@cache
def deflating_library(strategy: int) -> Any:
    """Choose the library to deflate with by a strategy of zlib: one of zlib's interface.

    Every library searches for repetitions in its own way, so only strategies without are faster.
    """
    if strategy not in (zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE):
        return zlib
    try:
        from zlib_ng import zlib_ng
    except ImportError:
        return zlib
    return zlib_ng


@cache
def inflating_library() -> Any:
    """Choose the library to inflate with: one of zlib's interface."""
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib
    return isal_zlib


def inflates_faster() -> bool:
    """Tell whether a library inflates faster than Pillow does."""
    return inflating_library() is not zlib
