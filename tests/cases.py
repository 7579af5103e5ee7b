"""What hypothesis pools: arrays of any shape, dtype and memory layout, with windows that fit."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, nan
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import strategies as st

from poolcli.core.averaging import avg_pool
from poolcli.core.engine import one_axis
from poolcli.core.pooling import max_pool, min_pool
from tests.oracle import Array

Numbers: TypeAlias = tuple[int, ...]

POOLINGS: list[Callable[..., Array]] = [max_pool, min_pool, avg_pool]

INTEGERS = ["?", *(order + code for order in "<>" for code in "bBhHiIqQ")]
FLOATS = [order + code for order in "<>" for code in "efd"]

LAYOUTS: dict[str, Callable[[Array], Array]] = {
    "C": lambda x: x,
    "Fortran": np.asfortranarray,
    "reversed": lambda x: np.flip(np.flip(x).copy()),
    "first axis innermost": lambda x: np.moveaxis(np.moveaxis(x, 0, -1).copy(), -1, 0),
    "every second": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "inside a larger one": lambda x: np.pad(x, 1)[(slice(1, -1),) * x.ndim],
}


@dataclass(frozen=True)
class Case:
    """An input, its windows, and from where on poolcli is to find a row or a window long."""

    x: Array
    axes: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    ceil_mode: bool
    long_row_bytes: int
    long_window: int

    @property
    def numbers(self) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers, bool]:
        """What the oracle takes."""
        return self.axes, self.kernel, self.stride, self.padding, self.dilation, self.ceil_mode

    def run(self, pool: Callable[..., Array], **more: Any) -> Array:
        """What poolcli makes of it."""
        numbers = (self.kernel, self.stride, self.padding, self.dilation)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(one_axis, "_LONG_ROW_BYTES", self.long_row_bytes)
            patch.setattr(one_axis, "_LONG_WINDOW", self.long_window)
            return pool(self.x, *numbers, axes=self.axes, ceil_mode=self.ceil_mode, **more)


def random(shape: tuple[int, ...], dtype: str, seed: int, *, special: bool = False) -> Array:
    """Any bits of an integer dtype or few values (many ties, many exact halves); or ordinary
    floats, ``special``: with some NaN and ±inf."""
    rng, kind = np.random.default_rng(seed), np.dtype(dtype)
    few = rng.integers(0, 2 if kind.kind == "b" else 3, shape)
    if kind.kind == "f":
        rare = rng.choice([nan, inf, -inf, 0.0], shape)
        is_rare = rng.random(shape) < (0.2 if special else 0)
        return np.where(is_rare, rare, rng.normal(0, 100, shape)).astype(kind)
    if kind.kind == "b" or seed % 2:
        return few.astype(kind)
    return np.frombuffer(rng.bytes(few.size * kind.itemsize), kind).reshape(shape)


@st.composite
def cases(draw: st.DrawFn, dtypes: list[str], *, special: bool = False) -> Case:
    """1 to 4 axes, any of them pooled in any order; the others may be of length 0."""
    ndim = draw(st.integers(1, 4))
    axes = draw(st.permutations(range(ndim)))[: draw(st.integers(1, ndim))]
    largest = {1: 9, 2: 6, 3: 3, 4: 2}[len(axes)]
    ceil_mode = draw(st.booleans())
    shape = [draw(st.integers(0, 3)) for _ in range(ndim)]
    numbers = []
    for axis in axes:
        k, s, d = (draw(st.integers(1, most)) for most in (largest, largest, 3))
        p = draw(st.integers(0, k // 2))
        least = d * (k - 1) + 1 - 2 * p - (s - 1 if ceil_mode else 0)
        shape[axis] = max(1, least) + draw(st.integers(0, 2 * largest))
        numbers.append((k, s, p, d))
    kernel, stride, padding, dilation = zip(*numbers, strict=True)
    dtype, seed = draw(st.sampled_from(dtypes)), draw(st.integers(0, 999))
    layout = LAYOUTS[draw(st.sampled_from(sorted(LAYOUTS)))]
    return Case(
        layout(random(tuple(shape), dtype, seed, special=special)),
        tuple(axis - draw(st.sampled_from([0, ndim])) for axis in axes),
        kernel,
        stride,
        padding,
        dilation,
        ceil_mode,
        draw(st.sampled_from([0, 64, 2**40])),
        draw(st.sampled_from([2, 2**40])),
    )


class Slices:
    """A source that gives parts of an array when it is sliced, and nothing else."""

    def __init__(self, x: Array) -> None:
        self._x, self.shape, self.dtype = x, x.shape, x.dtype
        self.largest = 0

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        assert all(isinstance(one, slice) for one in key)
        part = self._x[key].copy()
        self.largest = max(self.largest, part.nbytes)
        return part
