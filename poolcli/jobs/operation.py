"""An operation by name with its parameters, and what it does to an array."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from poolcli.core.geometry.windows import AnyWindow, Window
from poolcli.core.geometry.windows import adaptive as adaptive_window
from poolcli.errors import WindowError

__all__ = ["OPERATIONS", "Operation"]

OPERATIONS = ("max", "min", "avg", "median", "mode", "gem")

Pair = tuple[int, int]

_UNITS = (("rows", "taller"), ("columns", "wider"))


@dataclass(frozen=True, slots=True)
class Operation:
    """What to do to every plane of a picture; plain data, so that it can be sent to a worker.

    Parameters
    ----------
    name : str
        One of `OPERATIONS`.
    kernel : (int, int), optional
        Height and width of the window.
    stride : (int, int), optional
        The kernel unless given.
    padding, dilation : (int, int)
    ceil_mode : bool
    size : (int, int), optional
        In place of ``kernel``: pool to exactly this height and width.
    count_include_pad : bool
        For avg and gem.
    divisor_override : int, optional
        For avg.
    power : float
        For gem.

    Raises
    ------
    WindowError
        If a number is out of its range, or not just one of ``kernel`` and ``size`` is given.

    Examples
    --------
    >>> Operation("max", (6, 6), (2, 2)).output_size((201, 250))
    (98, 123)
    >>> Operation("avg", size=(1, 1)).output_size((201, 250))
    (1, 1)
    """

    name: str
    kernel: Pair | None = None
    stride: Pair | None = None
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    ceil_mode: bool = False
    size: Pair | None = None
    count_include_pad: bool = True
    divisor_override: int | None = None
    power: float = 3.0

    def __post_init__(self) -> None:
        if self.name not in OPERATIONS:
            raise WindowError(f"operation {self.name!r} is unknown; use {', '.join(OPERATIONS)}")
        if (self.kernel is None) == (self.size is None):
            raise WindowError("give a kernel, or a size in place of it")
        if self.size is not None and min(self.size) < 1:
            raise WindowError(f"size {self.size[0]}x{self.size[1]} is too small; use 1x1 or more")
        if self.divisor_override == 0:
            raise WindowError("divisor 0 cannot divide; use any other integer")
        if self.power == 0 or self.power != self.power:
            raise WindowError("power 0 has no mean; use 1 for avg, 2 for rms, inf for max …")
        if self.size is None:
            _ = self.windows((1, 1))

    def windows(self, lengths: Pair) -> tuple[AnyWindow, AnyWindow]:
        """The windows of the height and of the width of an input of this size."""
        if self.size is not None:
            shared = list(map(adaptive_window, lengths, self.size))
            return shared[0], shared[1]
        assert self.kernel is not None
        stride = self.stride or self.kernel
        sliding = [
            Window(self.kernel[i], stride[i], self.padding[i], self.dilation[i], self.ceil_mode)
            for i in (0, 1)
        ]
        return sliding[0], sliding[1]

    def output_size(self, lengths: Pair) -> Pair:
        """Height and width of the result.

        Raises
        ------
        WindowError
            If a window does not fit, in words about rows and columns.
        """
        for window, length, words in zip(self.windows(lengths), lengths, _UNITS, strict=True):
            try:
                window.size(length)
            except WindowError:
                if not isinstance(window, Window):
                    raise
                raise WindowError(_misfit(window, length, *words)) from None
        high, wide = self.windows(lengths)
        return high.size(lengths[0]), wide.size(lengths[1])

    def steps(self, lengths: Pair, size: Pair) -> tuple[float, float]:
        """Rows and columns of an input of this size from one window to the next."""
        if self.size is not None:
            return lengths[0] / size[0], lengths[1] / size[1]
        stride = self.stride or self.kernel
        assert stride is not None
        return stride

    def unused(self, lengths: Pair) -> Pair:
        """Rows and columns of the input that are in no window."""
        high, wide = self.windows(lengths)
        return high.unused(lengths[0]), wide.unused(lengths[1])

    def apply(
        self,
        pixels: Any,
        axes: Sequence[int] = (0, 1),
        *,
        channel_axis: int | None = None,
        alpha: bool = False,
        return_indices: bool = False,
        out: Any = None,
    ) -> Any:
        """Pool an array, or what can be sliced like one, over its height and width.

        Parameters
        ----------
        pixels : (H, W, C) array-like
            Or any other shape with ``axes`` naming height and width.
        channel_axis : int, optional
            The axis of a pixel's channels, which mode keeps together.
        alpha : bool
            Whether the last channel of (H, W, C) is alpha: then invisible pixels have no vote in a
            colour, and means weigh colours by alpha.
        return_indices : bool
            For max and min: also tell where each value was found.
        out : ndarray, optional
            Where the result goes.

        Returns
        -------
        (H', W', C) ndarray
            Of the same dtype; with ``return_indices`` a pair.
        """
        if alpha:
            return self._apply_visible(pixels, return_indices)
        extra: dict[str, Any] = {"axes": tuple(axes), "out": out}
        if return_indices:
            extra["return_indices"] = True
        if self.name == "mode":
            extra["channel_axis"] = channel_axis
        if self.name == "gem":
            extra["power"] = self.power
        if self.size is not None:
            from poolcli.core.adaptive import adaptive_pool

            return adaptive_pool(pixels, self.size, self.name, **extra)
        if self.name in ("avg", "gem"):
            extra["count_include_pad"] = self.count_include_pad
        if self.name == "avg":
            extra["divisor_override"] = self.divisor_override
        room = "ranking" if self.name in ("median", "mode") else "pooling"
        pool = getattr(import_module(f"poolcli.core.{room}"), f"{self.name}_pool")
        numbers = (self.kernel, self.stride, self.padding, self.dilation)
        return pool(pixels, *numbers, ceil_mode=self.ceil_mode, **extra)

    def _apply_visible(self, pixels: Any, return_indices: bool) -> Any:
        from poolcli.core.geometry.plan import plan_adaptive, plan_sliding
        from poolcli.core.poolings.alpha import pool_visible
        from poolcli.core.poolings.means import Divisors

        if self.size is not None:
            plan = plan_adaptive(pixels, (0, 1), self.size)
        else:
            numbers = (self.kernel, self.stride, self.padding, self.dilation, self.ceil_mode)
            plan = plan_sliding(pixels, (0, 1), *numbers)
        divisors = Divisors(plan.stages, self.count_include_pad, self.divisor_override)
        return pool_visible(
            self.name, plan, divisors, power=self.power, return_indices=return_indices
        )


def _misfit(window: Window, length: int, unit: str, larger: str) -> str:
    have = f"the image ({length} {unit})"
    if window.dilation > 1:
        return (
            f"kernel {window.kernel} with dilation {window.dilation} spans {window.extent} {unit} "
            f"and is {larger} than {have}; use a smaller kernel or dilation"
        )
    if window.padding:
        have = f"the padded image ({length} {unit} and {window.padding} on each side)"
        return f"kernel {window.kernel} is {larger} than {have}; use a smaller kernel"
    return f"kernel {window.kernel} is {larger} than {have}; use -k {length} or less, or --padding"
