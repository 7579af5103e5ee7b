"""The mean and the generalised mean of every window, over any axes of any array."""

import numpy as np

from poolcli.core.engine.small_arrays import pool_small_array
from poolcli.core.geometry.plan import checked_divisor, plan_sliding
from poolcli.core.inputs import LAST_TWO
from poolcli.core.skipping import pool_skipping, take_missing
from poolcli.core.types import Array, Input, Ints

__all__ = ["avg_pool", "gem_pool"]


def avg_pool(
    x: Input,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    axes: Ints | None = None,
    out: Array | None = None,
    skip: float | None = None,
    min_valid: float | None = None,
) -> Array:
    """Take the mean of every window.

    Parameters
    ----------
    x, kernel, stride, padding, dilation, ceil_mode, axes, out, skip, min_valid
        As in `max_pool`. A mean is of the values that are there, and of padding if that counts.
    count_include_pad : bool
        Whether padding counts as zeros (the default, as in PyTorch) or not at all. What
        ``ceil_mode`` reaches over beyond the padding never counts.
    divisor_override : int, optional
        Divide every window's sum by this number instead of by its count; not 0, and below 2³¹.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``, H' and W' as in `max_pool`. Integers and booleans are exact means,
        rounded half up; with a ``divisor_override`` they are clipped to the dtype's range. Floats
        are summed in float32 (float16 too) or their own, wider dtype, one axis after another.

    Raises
    ------
    WindowError
        If a number is out of range or no window fits.
    PoolingError
        If ``x`` has another kind of dtype, or ``axes`` or ``out`` do not suit it.
    TypeError
        If an argument that must be an integer is something else.

    References
    ----------
    `torch.nn.functional.avg_pool2d
    <https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html>`_, which truncates
    integers.

    Examples
    --------
    >>> import numpy as np
    >>> avg_pool(np.array([[1, 3, 2, 1], [4, 6, 5, 0], [3, 1, 1, 0], [1, 2, 2, 4]]), 2)
    array([[4, 2],
           [2, 2]])
    >>> avg_pool(np.ones((1, 4), np.float32), (1, 3), 2, (0, 1), ceil_mode=True).round(2)
    array([[0.67, 1.  , 0.5 ]], dtype=float32)
    >>> avg_pool(np.array([[1.0, np.nan], [3.0, 5.0]]), 2, skip=np.nan)
    array([[3.]])
    """
    x, missing = take_missing(x, skip, min_valid)
    if missing is None and not ceil_mode and divisor_override is None and out is None:
        numbers = kernel, stride, padding, dilation
        small = pool_small_array(np.add, x, *numbers, LAST_TWO if axes is None else axes)
        if small is not None:
            return small
    from poolcli.core.poolings.divisors import Divisors
    from poolcli.core.poolings.means import average

    divisor_override = checked_divisor(divisor_override)
    plan = plan_sliding(x, axes, kernel, stride, padding, dilation, ceil_mode)
    if missing is not None:
        how = {"count_include_pad": count_include_pad, "divisor_override": divisor_override}
        return pool_skipping(plan, "avg", missing, out, **how)
    return average(plan, Divisors(plan.stages, count_include_pad, divisor_override), out)


def gem_pool(
    x: Input,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    power: float = 3.0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    axes: Ints | None = None,
    out: Array | None = None,
    skip: float | None = None,
    min_valid: float | None = None,
) -> Array:
    """Take the generalised mean of every window, (mean of x^p)^(1/p).

    Parameters
    ----------
    x, kernel, stride, padding, dilation, ceil_mode, count_include_pad, axes, out, skip, min_valid
        As in `avg_pool`; but with a negative power padding never counts: a zero would make every
        mean at a border 0.
    power : float
        p, not 0: 1 is `avg_pool`, 2 the root mean square, inf the largest value, -1 the harmonic
        mean, -inf the smallest value.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``, H' and W' as in `max_pool`; computed in float64, integers rounded
        half up.

    Raises
    ------
    WindowError
        If ``power`` is 0 or NaN, a number is out of range, or no window fits.
    PoolingError
        If integers are negative and the power is not an integer; or as in `avg_pool`.
    TypeError
        If ``power`` is not a number; or as in `avg_pool`.

    References
    ----------
    F. Radenović, G. Tolias, O. Chum, "Fine-tuning CNN image retrieval with no human annotation",
    IEEE TPAMI 2018.

    Examples
    --------
    >>> import numpy as np
    >>> gem_pool(np.array([[1.0, 7.0], [5.0, 5.0]]), 2, power=2)
    array([[5.]])
    """
    from poolcli.core.poolings.divisors import Divisors
    from poolcli.core.poolings.power_means import generalised_mean

    x, missing = take_missing(x, skip, min_valid)
    plan = plan_sliding(x, axes, kernel, stride, padding, dilation, ceil_mode)
    if missing is not None:
        how = {"count_include_pad": count_include_pad, "power": power}
        return pool_skipping(plan, "gem", missing, out, **how)
    return generalised_mean(plan, power, Divisors(plan.stages, count_include_pad), out)
