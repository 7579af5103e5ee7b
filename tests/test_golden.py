"""The results of torch 2.13 itself: every recorded case agrees, or is excused for a reason.

An excuse is held to account: each case that it names must really turn out otherwise here, and it
names as many as it says. One that is no longer needed turns red.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from poolcli.core import pooling
from poolcli.errors import PoolingError
from tests import oracle
from tests.oracle import Array, Ints

RECORD = np.load(Path(__file__).parent / "data" / "torch_2_13.npz", allow_pickle=False)


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


Run: TypeAlias = Callable[[Case], list[Array]]
"""Calls poolcli; gives what torch gives, one output or two."""


def _core(pool: Callable[..., Array]) -> Run:
    def run(case: Case) -> list[Array]:
        more = {name: v for name, v in case.kwargs.items() if name != "return_indices"}
        return [pool(case.x, more.pop("kernel_size"), axes=case.axes, **more)]

    return run


RUN: dict[str, Run] = {
    **{f"max_pool{n}d": _core(pooling.max_pool) for n in (1, 2, 3)},
    **{f"avg_pool{n}d": _core(pooling.avg_pool) for n in (1, 2, 3)},
}
VALUES_ONLY = {op for op in RUN if op.startswith("max")}
"""Operations of the core, which finds no indices: their second output is not compared."""

MANIFEST = json.loads(str(RECORD["manifest"]))
FIELDS = Case.__dataclass_fields__
CASES = [
    Case(**{name: v for name, v in entry.items() if name in FIELDS})
    for entry in MANIFEST
    if entry["op"] in RUN
]


def _numbers(case: Case) -> tuple[Ints, Ints, Ints, Ints, Ints, bool]:
    """The arguments of the oracle; no stride is the kernel, a list of one is one for all."""
    given = [case.kwargs.get(name) for name in ("kernel_size", "stride", "padding", "dilation")]
    filled: list[Any] = [n or other for n, other in zip(given, (0, given[0], 0, 1), strict=True)]
    k, s, p, d = (np.broadcast_to(n, case.spatial).tolist() for n in filled)
    return case.axes, k, s, p, d, case.kwargs.get("ceil_mode", False)


def by_oracle(case: Case, mean: Callable[[Array, int], int | float] = oracle.mean) -> Array:
    """Every value by definition, as objects."""
    x, numbers = case.x, _numbers(case)
    info: Any = np.iinfo(x.dtype) if x.dtype.kind in "iu" else None
    if case.op.startswith("avg"):
        padding, divisor = (case.kwargs.get(n) for n in ("count_include_pad", "divisor_override"))
        out = oracle.avg_pool(x, *numbers, padding is not False, divisor, mean)
        return np.clip(out, info.min, info.max) if info else out
    lowest = info.min if info else -np.inf
    return oracle.pool(x, *numbers, lambda taps: taps.max() if taps.size else lowest)


def _torch_mean(taps: Array, divisor: int) -> int | float:
    """Torch's mean: of integers, the sum wraps at 64 bits and the quotient loses its fraction."""
    if taps.dtype.kind == "f":
        return oracle.mean(taps, divisor)
    total: int = (sum(taps.tolist()) + 2**63) % 2**64 - 2**63
    return abs(total) // abs(divisor) * (1 if (total < 0) == (divisor < 0) else -1)


def _rounds_otherwise(case: Case) -> bool:
    integers = case.op.startswith("avg") and case.x.dtype.kind == "i" and case.outputs
    return bool(integers and (by_oracle(case) != by_oracle(case, _torch_mean)).any())


@dataclass(frozen=True)
class Excuse:
    """Why poolcli does otherwise than torch, in which and how many cases, and what it does."""

    reason: str
    applies: Callable[[Case], bool]
    cases: int
    instead: Callable[[Case], Array] = by_oracle


EXCUSES = [
    Excuse(
        "poolcli takes every integer dtype and bool, torch only some",
        lambda case: case.error_kind == "dtype",
        8,
    ),
    Excuse(
        "poolcli takes any number of leading axes, torch one or two",
        lambda case: case.x.ndim - case.spatial not in (1, 2),
        7,
    ),
    Excuse(
        "poolcli pools no channels to no channels, torch refuses",
        lambda case: 0 in case.x.shape[: -case.spatial][-1:],
        4,
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
]


def outcome(case: Case) -> list[Array] | None:
    """What poolcli gives; None if it refuses as torch does (or would have done)."""
    try:
        return RUN[case.op](case)
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
    names = case.outputs[:1] if case.op in VALUES_ONLY else case.outputs
    pairs = zip(got, names, strict=True)
    return all(equal(one, RECORD[name], case.rtol, case.atol) for one, name in pairs)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_as_torch(case: Case) -> None:
    excuses = [excuse for excuse in EXCUSES if excuse.applies(case)]
    assert agrees(case) is not bool(excuses)
    for excuse in excuses:
        got = outcome(case)
        assert got is not None
        near = 1e-6 * float(np.abs(case.x).max(initial=0))
        assert equal(got[0], excuse.instead(case).astype(case.x.dtype), 0, near)


@pytest.mark.parametrize("excuse", EXCUSES, ids=lambda excuse: excuse.reason)
def test_excuses_are_counted(excuse: Excuse) -> None:
    assert sum(map(excuse.applies, CASES)) == excuse.cases


def test_nothing_is_left_out() -> None:
    """Every recorded case of an operation that poolcli has, and each is looked at once."""
    assert len(CASES) == len({case.id for case in CASES}) == 223
    assert {case.op for case in CASES} == set(RUN)


@pytest.mark.parametrize("case", [case for case in CASES if case.outputs], ids=str)
def test_the_oracle_is_torch(case: Case) -> None:
    """The oracle that other tests trust agrees too, but for the rounding of integers."""
    want = RECORD[case.outputs[0]]
    got = by_oracle(case, _torch_mean).astype(want.dtype)
    assert equal(got, want, case.rtol, case.atol)
