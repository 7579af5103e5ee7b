"""Windows one after another on one axis, in integers: sizes, receptive field and jump.

Notation, as in `windows`: L length, k kernel, s stride, d dilation. After a window the receptive
field r and the jump j (the distance, in positions of the first input, between neighbours) are

    r' = r + d·(k - 1)·j        j' = s·j        from r = j = 1.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from poolcli.core.geometry.windows import AnyWindow, Spans, Window

__all__ = ["ChainedWindow", "chain", "overhang"]


@dataclass(frozen=True, slots=True)
class ChainedWindow:
    """One window of a chain, with the sizes before and after it.

    Attributes
    ----------
    length, size : int
        Positions before and after the window.
    unused : int
        Positions before it that are in no window.
    overhang : int
        Positions that the last window reaches past the input and its padding.
    receptive_field : int or None
        Positions of the first input that one value after the window depends on, at most.
    jump : int or None
        Distance of neighbours after the window, in positions of the first input. None from where
        on the windows follow no stride.
    """

    window: AnyWindow
    length: int
    size: int
    unused: int
    overhang: int
    receptive_field: int | None
    jump: int | None


def chain(length: int, makers: Iterable[Callable[[int], AnyWindow]]) -> list[ChainedWindow]:
    """Lay windows one after another on an axis.

    Parameters
    ----------
    length : int
        L of the first input.
    makers : iterable of callable
        Each gives a window for the length that is left when its turn comes.

    Raises
    ------
    WindowError
        If a window does not fit.

    Examples
    --------
    >>> both = chain(224, [lambda _: Window(3, 2, 1), lambda _: Window(2, 2)])
    >>> [(one.size, one.receptive_field, one.jump) for one in both]
    [(112, 3, 2), (56, 5, 4)]
    """
    chained: list[ChainedWindow] = []
    field: int | None = 1
    jump: int | None = 1
    for make in makers:
        window = make(length)
        size = window.size(length)
        extent = window.extent if isinstance(window, Window) else window.kernel
        field = None if field is None or jump is None else field + (extent - 1) * jump
        jump = window.stride * jump if isinstance(window, Window) and jump is not None else None
        lost, over = window.unused(length), overhang(window, length)
        chained.append(ChainedWindow(window, length, size, lost, over, field, jump))
        length = size
    return chained


def overhang(window: AnyWindow, length: int) -> int:
    """Count the positions that the last window reaches past the input and its padding.

    Only in ceil mode are there any.

    >>> overhang(Window(3, 2, ceil_mode=True), 6)
    1
    """
    if isinstance(window, Spans):
        return 0
    return max(0, window.stop(window.size(length) - 1) - length - window.padding)
