"""How near to the exact mean avg comes, and how near torch: ``python -m tests.bench.accuracy``.

Ten million windows of random float32 of each shape (of large ones, so many as have a thousand
million values); errors in units of the last place of the mean of the values' sizes (where signs
cancel, the mean itself has no last place worth the name).
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from poolcli.core.averaging import avg_pool
from tests.oracle import Array

WINDOWS = 10_000_000
VALUES = 1_000_000_000
PART = 4_000_000  # taps at once

KERNELS = [(1, 2), (2, 2), (3, 3), (3, 5), (5, 5), (6, 6), (8, 8), (16, 16), (31, 31), (1, 600)]

KINDS = {
    "0 … 1": lambda rng, shape: rng.random(shape, np.float32),
    "normal": lambda rng, shape: rng.standard_normal(shape, np.float32),
}


def torch_pool() -> Any:
    """torch's avg_pool2d for arrays, or None."""
    if find_spec("torch") is None:
        return None
    torch: Any = import_module("torch")

    def pool(x: Array, kernel: tuple[int, int]) -> Array:
        out: Array = torch.nn.functional.avg_pool2d(torch.from_numpy(x)[None], kernel)[0].numpy()
        return out

    return pool


def errors(pool: Any, x: Array, kernel: tuple[int, int]) -> Array:
    """Errors of the means of every window, in units of the last place of the mean size."""
    high, wide = kernel
    taps = x.reshape(x.shape[0] // high, high, x.shape[1] // wide, wide).astype(np.float64)
    exact, size = taps.mean((1, 3)), np.abs(taps).mean((1, 3))
    found: Array = np.abs(pool(x, kernel) - exact) / np.spacing(size.astype(np.float32))
    return found


def row(kind: str, kernel: tuple[int, int], pools: list[Any]) -> list[tuple[float, float]]:
    """(Largest, mean) error of each of the pools over the same windows."""
    rng = np.random.default_rng(kernel[0] * 1000 + kernel[1])
    each = max(1, PART // (kernel[0] * kernel[1]))
    wide = min(each, 1000)
    shape = (kernel[0] * max(1, each // wide), kernel[1] * wide)
    done, largest, total = 0, [0.0] * len(pools), [0.0] * len(pools)
    while done < min(WINDOWS, VALUES // (kernel[0] * kernel[1])):
        x = KINDS[kind](rng, shape)
        for number, pool in enumerate(pools):
            found = errors(pool, x, kernel)
            largest[number] = max(largest[number], float(found.max()))
            total[number] += float(found.sum())
        done += found.size
    return [(worst, sum_ / done) for worst, sum_ in zip(largest, total, strict=True)]


def main() -> None:
    """Print the table, row by row."""
    torch = torch_pool()
    names, pools = (["poolcli", "torch"], [avg_pool, torch]) if torch else (["poolcli"], [avg_pool])
    heads = [f"{name} {what}" for name in names for what in ("max", "mean")]
    print("| values | kernel |" + "".join(f" {head} |" for head in heads))
    print("|" + "--|" * (2 + len(heads)))
    for kind in KINDS:
        for kernel in KERNELS:
            cells = [f"{one:.3f}" for pair in row(kind, kernel, pools) for one in pair]
            print(f"| {kind} | {kernel[0]}×{kernel[1]} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
