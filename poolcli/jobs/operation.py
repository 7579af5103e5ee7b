"""An operation by name with its parameters, and its result on an array."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from poolcli.core.dispatch import pool
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import AnyWindow, Window
from poolcli.core.geometry.windows import adaptive as adaptive_window
from poolcli.core.operations import checked_dtype, checked_name
from poolcli.errors import WindowError
from poolcli.jobs.parameters import (
    Fields,
    Ints,
    Pair,
    check_fields,
    checked_axes,
    fitted,
    spread,
    units,
)

if TYPE_CHECKING:
    from poolcli.core.geometry.plan import Plan
    from poolcli.core.poolings.present import Missing
    from poolcli.core.types import Array

__all__ = ["Operation"]


class Operation(Fields):
    """An operation on every plane of a picture; plain data, so that it can be sent to a worker.

    Parameters
    ----------
    name : str
        One of max, min, avg, median, mode, gem, quantile, sum, range, std.
    kernel : int or (int, int), optional
        Size of the window, or its height and width.
    stride : int or (int, int), optional
        The kernel unless given.
    padding, dilation : int or (int, int)
    ceil_mode : bool
    size : int or (int, int), optional
        In place of ``kernel``: pool to exactly this height and width.
    count_include_pad : bool
        For avg and gem.
    divisor_override : int, optional
        For avg.
    power : float
        For gem.
    skip : float or str, optional
        The value of missing data, which has no vote; NaN for all NaNs. "nodata" is the value that
        a file states itself, which is skipped without being asked for, too, unless this is "none".
    min_valid : float, optional
        The share of a window's values that are to be there, as in `max_pool`.
    sparse : bool
        For avg, median and mode: zero is background, which has no vote; padding has none then.

    quantile : float
        For quantile: the share of a window's values, sorted, after which the result comes.
    dtype : str, optional
        For sum, range and std: the dtype of the result, as in `sum_pool`.
    axes : str, optional
        Names of the axes to pool, a letter each: the last ones of an array, or any that a TIFF
        stack names; "ZYX" or "X", for example. The numbers above are then one, or one for each of
        them.

    Raises
    ------
    WindowError
        If the name is unknown, a number is out of its range or not an integer, not just one of
        ``kernel`` and ``size`` is given, or parameters exclude each other.

    Examples
    --------
    >>> Operation("max", 6, 2).output_size((201, 250))
    (98, 123)
    >>> Operation("avg", size=1).output_size((201, 250))
    (1, 1)
    """

    __slots__ = ()

    def __new__(
        cls,
        name: str,
        kernel: Ints | None = None,
        stride: Ints | None = None,
        padding: Ints = 0,
        dilation: Ints = 1,
        ceil_mode: bool = False,
        size: Ints | None = None,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
        power: float = 3.0,
        skip: float | str | None = None,
        min_valid: float | None = None,
        sparse: bool = False,
        quantile: float = 0.5,
        dtype: str | None = None,
        axes: str | None = None,
    ) -> Self:
        """Make an operation of parameters that suit each other."""
        axes = checked_axes(axes)
        if (kernel is None) == (size is None):
            raise WindowError("give a kernel, or a size in place of it")
        made = super().__new__(
            cls,
            checked_name(name),
            None if kernel is None else spread("kernel", kernel, axes),
            None if stride is None else spread("stride", stride, axes),
            spread("padding", padding, axes),
            spread("dilation", dilation, axes),
            ceil_mode,
            None if size is None else spread("size", size, axes),
            count_include_pad,
            divisor_override,
            power,
            None if skip is None else _checked_words(skip),
            min_valid,
            sparse,
            quantile,
            checked_dtype(name, dtype),
            axes,
        )
        check_fields(made)
        if made.size is None:
            made.windows((1,) * len(made.padding))
        return made

    def windows(self, lengths: Sequence[int]) -> tuple[AnyWindow, ...]:
        """Make the windows of each axis, of the height and of the width, of such lengths."""
        if self.size is not None:
            return tuple(map(adaptive_window, lengths, self.size))
        assert self.kernel is not None
        numbers = self.kernel, self.stride or self.kernel, self.padding, self.dilation
        return tuple(Window(*one, self.ceil_mode) for one in zip(*numbers, strict=True))

    def stages(
        self, lengths: Sequence[int], axes: Sequence[int] | None = None
    ) -> tuple[Stage, ...]:
        """Lay the windows on a height and a width, or whatever is named, the lengths of these axes.

        Raises
        ------
        WindowError
            If a window does not fit, in words about rows and columns.
        """
        where = range(len(lengths)) if axes is None else axes
        return tuple(
            Stage(axis, window, length, fitted(window, length, *words))
            for axis, window, length, words in zip(
                where, self.windows(lengths), lengths, units(self.axes), strict=True
            )
        )

    def output_size(self, lengths: Pair) -> Pair:
        """Height and width of the result.

        Raises
        ------
        WindowError
            If a window does not fit, in words about rows and columns.
        """
        down, across = self.stages(lengths)
        return down.size, across.size

    def spacing(self, lengths: Pair, size: Pair) -> tuple[float, float]:
        """Rows and columns of an input of this size from one window to the next."""
        if self.size is not None:
            return lengths[0] / size[0], lengths[1] / size[1]
        down, across = self.stride or self.kernel or self.padding
        return down, across

    def plan(self, pixels: Any, axes: Sequence[int] = (0, 1)) -> "Plan":
        """Lay the windows on an array, or on anything that can be sliced like one.

        Raises
        ------
        WindowError
            If a window does not fit, in words about rows and columns.
        PoolingError
            If the dtype or the axes do not suit.
        """
        from poolcli.core.geometry.plan import checked_input, plan_stages

        x, where = checked_input(pixels, axes)
        return plan_stages(x, self.stages([x.shape[axis] for axis in where], where))

    def of_file(self, nodata: float | None) -> "Operation":
        """Take a file's own value for missing data, if it states one, unless another is to be.

        Raises
        ------
        WindowError
            If it is asked for and not stated.
        """
        if self.skip == "nodata" and nodata is None:
            raise WindowError("states no no-data value; use --skip VALUE, or --skip nan")
        if self.skip == "none":
            return self._replace(skip=None)
        own = self.skip == "nodata" or (self.skip is None and not self.sparse)
        return self._replace(skip=nodata) if own else self

    @property
    def parameters(self) -> dict[str, Any]:
        """Arguments of `core.dispatch.pool` beside a plan and a name."""
        return {
            "missing": self._missing(),
            "count_include_pad": self.count_include_pad and not self.sparse,
            "divisor_override": self.divisor_override,
            "power": self.power,
            "quantile": self.quantile,
            "dtype": self.dtype,
        }

    def _missing(self) -> "Missing | None":
        if self.skip is None and not self.sparse:
            return None
        from poolcli.core.skipping import missing_from

        return missing_from(0 if self.sparse else self.skip, self.min_valid)

    @overload
    def apply(
        self, pixels: Any, axes: Sequence[int] = ..., *, channel_axis: int | None = ...,
        alpha: bool = ..., return_indices: Literal[False] = ..., out: "Array | None" = ...,
    ) -> "Array": ...  # fmt: skip
    @overload
    def apply(
        self, pixels: Any, axes: Sequence[int] = ..., *, channel_axis: int | None = ...,
        alpha: bool = ..., return_indices: Literal[True], out: None = ...,
    ) -> "tuple[Array, Array]": ...  # fmt: skip
    def apply(
        self,
        pixels: Any,
        axes: Sequence[int] = (0, 1),
        *,
        channel_axis: int | None = None,
        alpha: bool = False,
        return_indices: bool = False,
        out: "Array | None" = None,
    ) -> "Array | tuple[Array, Array]":
        """Pool an array over its height and width.

        Parameters
        ----------
        pixels : (H, W, C) array-like
            Or any other shape with ``axes`` naming height and width.
        channel_axis : int, optional
            The axis of a pixel's channels, which mode keeps together.
        alpha : bool
            Whether the last channel of (H, W, C) is alpha, which then weighs the colours.
        return_indices : bool
            For max and min: also tell where each value was found.
        out : ndarray, optional
            Where the result goes.

        Returns
        -------
        (H', W', C) ndarray
            Of the same dtype; with ``return_indices`` a pair.

        Raises
        ------
        WindowError
            If a window does not fit, in words about rows and columns.
        PoolingError
            If the dtype, the axes or ``out`` do not suit, or the operation tells no indices.
        """
        return pool(
            self.plan(pixels, axes),
            self.name,
            **self.parameters,
            channel_axis=channel_axis,
            alpha=alpha,
            return_indices=return_indices,
            out=out,
        )


# Few operations miss values.
def _checked_words(skip: Any) -> float | str | None:
    from poolcli.core.skipping import checked_words

    return checked_words(skip)
