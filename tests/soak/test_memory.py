"""Arrays of 4 GiB in less than 300 MB of memory; the files are sparse and take no room.

python -m pytest tests/soak/test_memory.py -s
"""

from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from tests.commands import posix
from tests.media.test_arrays import peak_of, sparse

pytestmark = posix


@pytest.mark.parametrize(
    ("shape", "dtype", "words"),
    [
        ((16, 16384, 16384), "|u1", "max -k 2"),
        ((16, 16384, 16384), "|u1", "avg -k 2"),
        ((1, 32768, 32768), "<f4", "avg --global"),
        ((1, 32768, 32768), "<f4", "max -k 3 -s 2 -p 1"),
        ((4096, 1024, 1024), "|u1", "avg --global"),
        ((4096, 1024, 1024), "|u1", "max --global"),
        ((64, 4096, 4096), "<f4", "gem -k 8 --power 2"),
        ((16, 16384, 16384), "|u1", "median -k 3 -s 16"),
        ((64, 2048, 4096), "<i8", "avg -k 4"),
    ],
)
def test_memory(here: Path, shape: tuple[int, ...], dtype: str, words: str) -> None:
    sparse(here / "f.npy", shape, dtype)
    name, *options = words.split()
    began = perf_counter()
    peak = peak_of(name, "f.npy", "g.npy", *options)
    print(f"{shape} {dtype} {words}: {peak / 1e6:.0f} MB, {perf_counter() - began:.0f} s")
    assert peak < 300e6
    got = np.load("g.npy", mmap_mode="r")
    assert not got[..., :1].any()
    (here / "g.npy").unlink()
