"""Pooling a frame in linear light, if it is of a kind that has any."""

from typing import TYPE_CHECKING

from poolcli.errors import PictureError
from poolcli.jobs.operation import Operation

if TYPE_CHECKING:
    from poolcli.core.geometry.plan import Plan
    from poolcli.core.types import Array

__all__ = ["pool_light"]

_MODES = {"I;16", "L", "LA", "RGB", "RGBA"}


def pool_light(plan: "Plan", operation: Operation, mode: str, *, weighed: bool) -> "Array":
    """Pool a frame by avg or gem of the light that its samples stand for in sRGB.

    Parameters
    ----------
    mode : str
        Mode of the frame.
    weighed : bool
        Whether its alpha weighs colours.

    Raises
    ------
    PictureError
        If the frame is neither grey nor RGB of 8 or 16 bits.
    """
    if mode not in _MODES:
        raise PictureError(
            f"holds {mode}, and --linear is for grey and RGB of 8 or 16 bits; add --profile srgb "
            "or --convert RGB, or leave --linear out"
        )
    from poolcli.core.poolings.divisors import Divisors
    from poolcli.core.poolings.linear_light import linear_mean

    divisors = Divisors(plan.stages, operation.count_include_pad, operation.divisor_override)
    power = operation.power if operation.name == "gem" else 1.0
    has_alpha = mode in ("LA", "RGBA")
    return linear_mean(plan, divisors, power, has_alpha=has_alpha, weighed=weighed)
