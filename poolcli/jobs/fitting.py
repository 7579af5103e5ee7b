"""Numbers of windows of an axis, and errors in words about rows and columns."""

from poolcli.core.geometry.windows import AnyWindow, Window
from poolcli.errors import WindowError

__all__ = ["UNITS", "fitted"]

UNITS = (("rows", "taller"), ("columns", "wider"))


def fitted(window: AnyWindow, length: int, unit: str, larger: str) -> int:
    """Count the windows of an axis, or say in its unit why none fits."""
    try:
        return window.size(length)
    except WindowError:
        if not isinstance(window, Window):
            raise
        raise WindowError(_misfit(window, length, unit, larger)) from None


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
    use = f"-k {length} or less, or --padding" if length else "one that is not empty"
    return f"kernel {window.kernel} is {larger} than {have}; use {use}"
