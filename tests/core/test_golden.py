"""The results of torch 2.13 itself: every recorded case agrees, or is excused for a reason.

An excuse is held to account: each case that it names must really turn out otherwise here, and it
names as many as it says. One that is no longer needed turns red.
"""

import json
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poolcli import functional
from poolcli.errors import PoolingError
from tests import oracle
from tests.oracle import Array

RECORD = np.load(Path(__file__).parents[1] / "data" / "torch_2_13.npz", allow_pickle=False)


@dataclass(frozen=True)
class Case:
    """One call of torch, and what came of it."""

    id: str
    op: str
    kwargs: dict[str, Any]
    inputs: list[str]
    outputs: list[str] = field(default_factory=list)
    error_kind: str = ""
    error_msg: str = ""
    rtol: float = 0
    atol: float = 0

    def __str__(self) -> str:
        return f"{self.id}-{self.op}"

    @property
    def x(self) -> Array:
        x: Array = RECORD[self.inputs[0]]
        return x

    @property
    def spatial(self) -> int:
        """How many axes are pooled, the last digit of the name."""
        return int(self.op[-2])

    @property
    def axes(self) -> tuple[int, ...]:
        return tuple(range(-self.spatial, 0))


RECORDED = json.loads(str(RECORD["manifest"]))
CASES = [
    Case(**{name: entry[name] for name in Case.__dataclass_fields__ if name in entry})
    for entry in RECORDED
]


def run(case: Case) -> list[Array]:
    """What poolcli gives, one output or two."""
    more, inputs = dict(case.kwargs), [RECORD[name] for name in case.inputs]
    if case.op.startswith("lp"):
        more["norm_type"] = float(more["norm_type"])  # infinity is text
    if case.op.startswith("fractional") and len(inputs) > 1:
        more["_random_samples"] = inputs.pop()
    outputs = getattr(functional, case.op)(*inputs, **more)
    return list(outputs) if isinstance(outputs, tuple) else [outputs]


def _windows(case: Case) -> dict[int, Sequence[range]]:
    """Positions of every window; no stride is the kernel, a list of one is one for all."""
    lengths = dict(zip(case.axes, case.x.shape[-case.spatial :], strict=True))
    if case.op.startswith("adaptive"):
        sizes = np.broadcast_to(np.array(case.kwargs["output_size"], object), case.spatial)
        shared = zip(lengths.items(), sizes, strict=True)
        return {axis: oracle.shares(n, n if size is None else size) for (axis, n), size in shared}
    given = [case.kwargs.get(name) for name in ("kernel_size", "stride", "padding", "dilation")]
    filled: list[Any] = [n or other for n, other in zip(given, (0, given[0], 0, 1), strict=True)]
    each = [np.broadcast_to(n, case.spatial).tolist() for n in filled]
    ceil_mode = case.kwargs.get("ceil_mode", False)
    return {
        axis: oracle.positions(n, k, s, p, d, ceil_mode)
        for (axis, n), k, s, p, d in zip(lengths.items(), *each, strict=True)
    }


def by_oracle(case: Case, mean: Callable[[Array, int], int | float] = oracle.mean) -> Array:
    """Every value of max, avg and their adaptive forms by definition, as objects."""
    x, windows = case.x, _windows(case)
    info: Any = np.iinfo(x.dtype) if x.dtype.kind in "iu" else None
    if "max" in case.op:
        lowest = info.min if info else -np.inf
        return oracle.over(x, windows, lambda taps: taps.max() if taps.size else lowest)
    if case.op.startswith("adaptive"):
        return oracle.over(x, windows, lambda taps: mean(taps, taps.size))
    include, divisor = (case.kwargs.get(n) for n in ("count_include_pad", "divisor_override"))
    padding: Any = np.broadcast_to(case.kwargs.get("padding", 0), case.spatial)
    counts: Any = np.ones((1,) * x.ndim, object)
    for (axis, every), p in zip(windows.items(), padding, strict=True):
        room = range(-p, x.shape[axis] + p) if include is not False else range(x.shape[axis])
        count = np.array([sum(i in room for i in taps) for taps in every], object)
        counts = counts * count.reshape([-1] + [1] * (-axis - 1))
    taps = oracle.over(x, windows, lambda taps: taps)
    out: Array = np.frompyfunc(mean, 2, 1)(taps, counts if divisor is None else divisor)
    return np.clip(out, info.min, info.max) if info else out


def _torch_mean(taps: Array, divisor: int) -> int | float:
    """Torch's mean: of integers, the sum wraps at 64 bits and the quotient loses its fraction."""
    if taps.dtype.kind == "f":
        return oracle.mean(taps, divisor)
    total: int = (sum(taps.tolist()) + 2**63) % 2**64 - 2**63
    return abs(total) // abs(divisor) * (1 if (total < 0) == (divisor < 0) else -1)


def _rounds_otherwise(case: Case) -> bool:
    integers = "avg" in case.op and case.x.dtype.kind == "i" and case.outputs
    return bool(integers and (by_oracle(case) != by_oracle(case, _torch_mean)).any())


def _no_tap(case: Case) -> bool:
    """Whether torch gives indices of windows that hold no element of the input."""
    if not case.op.startswith("max_pool") or len(case.outputs) < 2:
        return False
    sizes = oracle.over(case.x, _windows(case), np.size)
    return bool((sizes == 0).any())


def _indices(case: Case) -> Array:
    places = oracle.places(case.x.shape, case.axes)
    every = oracle.over(case.x, _windows(case), lambda taps: oracle.winner(taps, operator.gt))
    where = oracle.over(places, _windows(case), lambda taps: taps)
    pick = np.frompyfunc(lambda winner, taps: taps[winner] if winner >= 0 else -1, 2, 1)
    indices: Array = pick(every, where).astype(np.int64)
    return indices


def _by_definition(case: Case) -> list[Array]:
    values = by_oracle(case).astype(case.x.dtype)
    return [values, _indices(case)] if case.kwargs.get("return_indices") else [values]


@dataclass(frozen=True)
class Excuse:
    """Why poolcli does otherwise than torch, in which and how many cases, and what it does."""

    reason: str
    applies: Callable[[Case], bool]
    cases: int
    instead: Callable[[Case], list[Array] | None] = _by_definition


EXCUSES = [
    Excuse(
        "poolcli takes every integer dtype and bool, torch only some",
        lambda case: case.error_kind == "dtype" and "samples" not in case.error_msg,
        10,
    ),
    Excuse(
        "poolcli takes any number of leading axes, torch one or two",
        lambda case: case.x.ndim - case.spatial not in (1, 2) and bool(case.error_kind),
        12,
    ),
    Excuse(
        "poolcli lets a window be larger than the input in 3-D too, torch's avg_pool3d does not",
        lambda case: "smaller than kernel size" in case.error_msg and by_oracle(case).size > 0,
        2,
    ),
    Excuse(
        "poolcli's means of integers are exact and rounded half up, torch's sums wrap at 64 bits "
        "and its quotients are truncated",
        _rounds_otherwise,
        12,
    ),
    Excuse("a window without a tap has index -1, torch's lies outside the input", _no_tap, 6),
    Excuse(
        "poolcli refuses an empty axis whatever the size, torch has NaN for its mean to size 1",
        lambda case: (
            case.op.startswith("adaptive_avg")
            and 0 in case.x.shape[-case.spatial :]
            and not case.error_kind
        ),
        3,
        lambda _: None,
    ),
    Excuse(
        "poolcli adds halves in float32, torch's adaptive_avg_pool3d in half, up to infinity",
        lambda case: case.op == "adaptive_avg_pool3d" and case.x.dtype == np.float16,
        1,
    ),
]


def outcome(case: Case) -> list[Array] | None:
    """What poolcli gives; None if it refuses as torch does (or would have done)."""
    try:
        return run(case)
    except (PoolingError, TypeError) as error:
        if isinstance(error, TypeError) != (case.error_kind == "type"):
            raise
        return None


def equal(got: Array, want: Array, rtol: float, atol: float) -> bool:
    """Equal shapes and integers, and floats that are near."""
    if (got.dtype, got.shape) != (want.dtype, want.shape) or want.dtype.kind != "f":
        return got.dtype == want.dtype and np.array_equal(got, want)
    return np.allclose(got, want, rtol, atol, equal_nan=True)


def agrees(case: Case) -> bool:
    """Whether poolcli gives torch's values, or refuses where torch does."""
    got = outcome(case)
    if got is None or case.error_kind:
        return got is None and bool(case.error_kind)
    pairs = zip(got, case.outputs, strict=True)
    return all(equal(one, RECORD[name], case.rtol, case.atol) for one, name in pairs)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_as_torch(case: Case) -> None:
    excuses = [excuse for excuse in EXCUSES if excuse.applies(case)]
    assert agrees(case) is not bool(excuses)
    for excuse in excuses:
        got, want = outcome(case), excuse.instead(case)
        if got is None or want is None:
            assert got is want
            continue
        near = 1e-6 * float(np.abs(case.x).max(initial=0))
        assert all(equal(one, other, 0, near) for one, other in zip(got, want, strict=True))


@pytest.mark.parametrize("excuse", EXCUSES, ids=lambda excuse: excuse.reason)
def test_excuses_are_counted(excuse: Excuse) -> None:
    assert sum(map(excuse.applies, CASES)) == excuse.cases


def test_nothing_is_left_out() -> None:
    """Every recorded case is looked at once, and every function of torch's is in the record."""
    assert len(CASES) == len({case.id for case in CASES}) == 405
    ours = {name for name in functional.__all__ if not name.startswith("min") and name[-1] == "d"}
    assert {case.op for case in CASES} == ours - {"avg_pool2d_backward", "max_pool2d_backward"}


def _defined(case: Case) -> bool:
    slow_or_other = ("lp", "max_unpool", "fractional")
    return bool(case.outputs) and case.x.size > 0 and not case.op.startswith(slow_or_other)


@pytest.mark.parametrize("case", [case for case in CASES if _defined(case)], ids=str)
def test_the_oracle_is_torch(case: Case) -> None:
    """The oracle that other tests trust agrees too, but for integers' rounding and one half."""
    if case.op == "adaptive_avg_pool3d" and case.x.dtype == np.float16:
        return
    want = RECORD[case.outputs[0]]
    got = by_oracle(case, _torch_mean).astype(want.dtype)
    assert equal(got, want, case.rtol, case.atol)
    if len(case.outputs) > 1 and not _no_tap(case):
        assert np.array_equal(_indices(case), RECORD[case.outputs[1]])
